"""A small network that reads sentences: a bidirectional LSTM with two heads.

References
----------
Hochreiter S, Schmidhuber J. Long short-term memory. Neural Computation 1997; 9:
1735-1780.
Lample G, Ballesteros M, Subramanian S, Kawakami K, Dyer C. Neural architectures for
named entity recognition. NAACL 2016.
"""

import torch
from torch import nn

from coursekit.datasets import STATUSES
from coursekit.nlp.bio import TAGS
from coursekit.nlp.word_features import BUCKETS


class BiLSTM(nn.Module):
    """Five features a token, read in both directions, then two heads.

    Parameters
    ----------
    n_words : int
        Known words; one more number stands for all others.
    width : int, default=48
        Numbers that stand for a word; the four other features have 12 each.
    hidden : int, default=64
        Numbers that each direction remembers.

    Examples
    --------
    >>> tags, statuses = BiLSTM(100)(torch.zeros(2, 7, 5, dtype=torch.long))
    >>> tags.shape, statuses.shape
    (torch.Size([2, 7, 25]), torch.Size([2, 7, 6]))
    """

    def __init__(self, n_words, width=48, hidden=64):
        super().__init__()
        self.word = nn.Embedding(n_words + 1, width)
        self.pieces = nn.ModuleList(nn.Embedding(n, 12) for n in BUCKETS.values())
        n_in = width + 12 * len(BUCKETS)
        self.lstm = nn.LSTM(n_in, hidden, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.3)
        self.tag = nn.Linear(2 * hidden, len(TAGS))
        self.status = nn.Linear(2 * hidden, len(STATUSES))

    def forward(self, features):
        """Return logits (n, length, n_tags) and (n, length, n_statuses)."""
        pieces = [layer(features[..., 1 + at]) for at, layer in enumerate(self.pieces)]
        seen = torch.cat([self.word(features[..., 0]), *pieces], dim=-1)
        read, _ = self.lstm(self.drop(seen))  # (n, length, 2 * hidden)
        read = self.drop(read)
        return self.tag(read), self.status(read)
