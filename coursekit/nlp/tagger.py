"""A small network is trained to tag the symptoms of sentences, and tags them.

A bidirectional LSTM looks at each token from both sides. One head tags it, a second
says what status a symptom there has. Not loaded with the room: it needs torch. Which
epoch is kept is decided on audited notes alone; notes to be tested on are no argument.
"""

import contextlib
import copy
from dataclasses import dataclass, field

import numpy as np
import torch
from torch.nn import functional

from coursekit.datasets import STATUSES
from coursekit.errors import BadInput
from coursekit.metrics import macro_f1
from coursekit.nlp.bilstm import BiLSTM
from coursekit.nlp.bio import OUTSIDE, TAGS, from_tags, to_tags
from coursekit.nlp.word_features import (
    UNKNOWN,
    known_words,
    sentence_tokens,
    token_features,
)

NO_STATUS = -100  # what cross_entropy leaves out of the mean


@dataclass
class Tagger:
    """A trained network, the words it knows, and how training went."""

    network: BiLSTM
    words: dict
    history: list = field(default_factory=list)  # (train_loss, tune_f1) an epoch
    best_epoch: int = -1  # counted from 0

    @property
    def device(self):
        """Where the network is."""
        return self.network.tag.weight.device


def fit_tagger(
    notes,
    spans,
    *,
    tune=None,
    epochs=8,
    batch_size=64,
    learning_rate=5e-3,
    forget=0.05,
    patience=3,
    device="cpu",
    random_state=0,
):
    """Train a tagger, and leave it at its best epoch on audited notes.

    Parameters
    ----------
    notes : list of str
    spans : list of list of [start, end, symptom, status]
        What is marked in each note: by people, or by rules (`label_by_rules`).
    tune : (notes, spans), optional
        Audited notes of other patients. The epoch with the highest strict macro-F1 on
        them is kept, and training stops when `patience` epochs brought no better one.
        Without them the last epoch is kept.
    epochs, batch_size : int, default=8 and 64
        A batch is up to so many sentences of the same length.
    learning_rate : float, default=5e-3
        Of AdamW; it falls to 0 along half a cosine.
    forget : float in [0, 1), default=0.05
        Share of the words that are shown as unknown while training, so that the
        network learns what to do with an unknown word.
    patience : int, default=3
    device : str or torch.device, default="cpu"
    random_state : int or Generator, default=0
        First weights, order, dropout. Equal seeds give equal weights on one machine
        with one number of threads. torch's global state stays as it was.

    Returns
    -------
    Tagger

    Raises
    ------
    BadInput
        If there are no notes, or not one list of spans a note.

    Examples
    --------
    >>> notes = ["Dry cough.", "He denies dry cough."] * 30
    >>> spans = [[[0, 9, "cough", "present"]], [[10, 19, "cough", "absent"]]] * 30
    >>> tagger = fit_tagger(notes, spans, learning_rate=0.03)
    >>> predict_spans(tagger, ["She denies dry cough."])
    [[[11, 20, 'cough', 'absent']]]
    """
    refuse_unmatched(notes, spans)
    words = known_words(notes)
    with seeded(random_state, device) as generator:
        tagger = Tagger(BiLSTM(len(words)).to(device), words)
        examples = training_sentences(notes, spans, words)
        optimiser = torch.optim.AdamW(tagger.network.parameters(), lr=learning_rate)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
        best, kept = -1.0, None
        for epoch in range(epochs):
            batches = same_length(examples, batch_size, generator)
            loss = learn_once(tagger, batches, optimiser, forget, generator)
            schedule.step()
            f1 = judge(tagger, tune)
            tagger.history.append((loss, f1))
            if tune is None or np.nan_to_num(f1) > best:
                best, tagger.best_epoch = np.nan_to_num(f1), epoch
                kept = copy.deepcopy(tagger.network.state_dict())
            elif epoch - tagger.best_epoch >= patience:
                break
    tagger.network.load_state_dict(kept)
    tagger.network.eval()
    return tagger


def learn_once(tagger, batches, optimiser, forget, generator):
    """Show the network each sentence once; return the mean loss of a batch."""
    tagger.network.train()
    total = 0.0
    for features, tags, statuses in batches:
        forgotten = torch.rand(features.shape[:2], generator=generator) < forget
        features[..., 0] = features[..., 0].masked_fill(forgotten, UNKNOWN)
        tag_logits, status_logits = tagger.network(features.to(tagger.device))
        loss = mean_loss(tag_logits, tags) + mean_loss(status_logits, statuses)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += float(loss.detach())
    return total / len(batches)


def mean_loss(logits, y):
    """Return the cross-entropy summed over what is judged, by the token of the batch.

    Examples
    --------
    >>> y = torch.tensor([[0, NO_STATUS]])
    >>> round(float(mean_loss(torch.zeros(1, 2, 6), y)), 3)  # log(6) / 2
    0.896
    """
    y = y.to(logits.device).flatten()
    total = functional.cross_entropy(logits.flatten(0, 1), y, reduction="sum")
    return total / len(y)


def judge(tagger, tune):
    """Return strict macro-F1 on audited notes, NaN without them."""
    if tune is None:
        return float("nan")
    notes, spans = tune
    return macro_f1(spans, predict_spans(tagger, notes))


def predict_spans(tagger, notes, *, batch_size=512):
    """Return the symptoms that a tagger sees in notes, and what is said of each.

    Parameters
    ----------
    tagger : Tagger
    notes : list of str
    batch_size : int, default=512
        Sentences at a time; it changes time and memory only.

    Returns
    -------
    list of list of [start, end, symptom, status]
        Offsets into each note as written, in order, without overlap. Names are not
        taken out: a tagger may mark a part of one (see `find_phi`).

    Examples
    --------
    >>> predict_spans(Tagger(BiLSTM(0), {}), [""])
    [[]]
    """
    features = [token_features(note, tagger.words) for note in notes]
    pieces = [
        (row, first, torch.from_numpy(features[row][first:last]))
        for row, note in enumerate(notes)
        for first, last in sentence_tokens(note)
    ]
    tags = [np.full(len(rows), OUTSIDE, dtype=object) for rows in features]
    statuses = [np.full(len(rows), "", dtype=object) for rows in features]
    tagger.network.eval()
    for batch in grouped(pieces, lambda piece: len(piece[2]), batch_size):
        said = read_sentences(tagger, torch.stack([piece[2] for piece in batch]))
        for (row, first, piece), tag, status in zip(batch, *said, strict=True):
            tags[row][first : first + len(piece)] = np.array(TAGS)[tag]
            statuses[row][first : first + len(piece)] = np.array(STATUSES)[status]
    return [
        from_tags(note, list(tags[row]), list(statuses[row]))
        for row, note in enumerate(notes)
    ]


def read_sentences(tagger, features):
    """Return the numbers of the likeliest tags and statuses, (n, length) each."""
    with torch.no_grad():
        logits = tagger.network(features.to(tagger.device))
    return [each.argmax(-1).cpu().numpy() for each in logits]


def training_sentences(notes, spans, words):
    """Return features, tags and statuses of each sentence that has a token."""
    examples = []
    for note, marked in zip(notes, spans, strict=True):
        features = torch.from_numpy(token_features(note, words))
        tags, statuses = to_tags(note, marked)
        tags = torch.tensor([TAGS.index(tag) for tag in tags])
        statuses = torch.tensor([number_of(status) for status in statuses])
        examples += [
            tuple(each[first:last] for each in (features, tags, statuses))
            for first, last in sentence_tokens(note)
        ]
    return examples


def number_of(status):
    """Return the number of a status, NO_STATUS for "".

    Examples
    --------
    >>> number_of("absent"), number_of("")
    (1, -100)
    """
    return STATUSES.index(status) if status else NO_STATUS


def same_length(examples, batch_size, generator):
    """Return batches of equally long sentences in random order: none needs padding."""
    shuffled = torch.randperm(len(examples), generator=generator).tolist()
    examples = [examples[at] for at in shuffled]
    groups = list(grouped(examples, lambda example: len(example[0]), batch_size))
    order = torch.randperm(len(groups), generator=generator).tolist()
    return [
        [torch.stack(each) for each in zip(*groups[at], strict=True)] for at in order
    ]


def grouped(items, length, size):
    """Yield lists of at most `size` items of one length.

    Examples
    --------
    >>> list(grouped(["no", "a", "if", "or"], len, 2))
    [['a'], ['no', 'if'], ['or']]
    """
    by_length = {}
    for item in items:
        by_length.setdefault(length(item), []).append(item)
    for _, equal in sorted(by_length.items()):
        for first in range(0, len(equal), size):
            yield equal[first : first + size]


@contextlib.contextmanager
def seeded(random_state, device):
    """Seed torch within a block only, and give a CPU generator seeded alike."""
    seed = int(np.random.default_rng(random_state).integers(2**62))
    device = torch.device(device)
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield torch.Generator().manual_seed(seed)


def refuse_unmatched(notes, spans):
    """Raise BadInput if there is nothing to learn from, or not a list a note."""
    if not any(note.strip() for note in notes) or len(notes) != len(spans):
        raise BadInput(
            f"There are {len(notes)} notes and {len(spans)} lists of spans; give a "
            "list for each note, and notes with words."
        )
