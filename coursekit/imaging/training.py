"""One training loop, in the order in which it is told at the blackboard.

Which epoch is kept is decided on the tune films alone. External and test films are no
argument of `fit`, so that no epoch can be chosen by them.
"""

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch

from coursekit.errors import BadInput
from coursekit.imaging.films import read_films, read_outcomes, to_unit
from coursekit.imaging.group_dro import GroupDRO, number_groups
from coursekit.imaging.history import Epoch, History
from coursekit.imaging.losses import plain_loss
from coursekit.imaging.predicting import device_of, evaluating, predict_logits
from coursekit.imaging.randomness import seeded
from coursekit.imaging.temperature import mean_log_loss
from coursekit.metrics import auroc


@dataclass
class TrainingFilms:
    """Films on the device, with what is known of each."""

    films: torch.Tensor  # (n, channels, height, width)
    y: torch.Tensor  # (n,)
    weight: torch.Tensor  # (n,)
    group: torch.Tensor | None  # (n,), numbers from 0

    def __len__(self):
        return len(self.films)


@dataclass
class Plan:
    """How to learn: what `fit` was asked for, ready to use."""

    loss: Callable
    augment: Callable | None
    dro: GroupDRO | None
    optimiser: torch.optim.Optimizer
    scheduler: torch.optim.lr_scheduler.LRScheduler
    batch_size: int
    bfloat16: bool


@dataclass
class Best:
    """The weights of the best epoch so far."""

    epoch: int = -1
    rank: tuple = (-math.inf, -math.inf)
    weights: dict = field(default_factory=dict)

    def look_at(self, number, epoch, network):
        """Keep a copy of the weights if no epoch before was as good."""
        if epoch.rank > self.rank or math.isnan(epoch.tune_loss):
            self.epoch, self.rank = number, epoch.rank
            self.weights = copy.deepcopy(network.state_dict())


def fit(
    network,
    films,
    y,
    *,
    tune=None,
    loss=None,
    epochs=10,
    batch_size=64,
    learning_rate=1e-3,
    schedule="cosine",
    weight_decay=1e-2,
    augment=None,
    sample_weight=None,
    groups=None,
    group_step=0.01,
    patience=None,
    mixed_precision=None,
    device=None,
    random_state=0,
):
    """Train a network by AdamW, and leave it at its best epoch on the tune films.

    Parameters
    ----------
    network : torch.nn.Module
        Takes films in [0, 1], gives (n, n_outputs) logits. Trained in place; its mode
        is evaluation afterwards.
    films : array-like of shape (n, channels, height, width) or (n, height, width)
        uint8 in 0..255 or float in [0, 1].
    y : array-like of shape (n,)
        0 or 1 with one output, else class numbers from 0.
    tune : (films, y), optional
        Films with audited labels, of other patients. The epoch with the highest AUROC
        is kept (at a tie, or with several classes, the lowest cross-entropy). Without
        them the last epoch is.
    loss : callable, optional
        Of logits (n, n_outputs) and y (n,), giving (n,) values: `WeightedBCE`,
        `FocalLoss`. Cross-entropy by default.
    epochs, batch_size : int, default=10 and 64
    learning_rate : float, default=1e-3
    schedule : "cosine" or None, default="cosine"
        The rate falls to 0 along half a cosine, batch by batch, or stays.
    weight_decay : float, default=1e-2
        AdamW's, apart from the gradient.
    augment : Augmentation, optional
        Of training films only.
    sample_weight : array-like of shape (n,), optional
        Such as `group_weights`.
    groups : array-like of shape (n,), optional
        Minimise the loss of the group served worst (`GroupDRO`).
    group_step : float > 0, default=0.01
        How fast the weights of the groups move, batch by batch; few batches need a
        larger one.
    patience : int, optional
        Stop after so many epochs without a better one; needs `tune`.
    mixed_precision : bool, optional
        True computes in bfloat16 on a cuda device; on a CPU it changes nothing.
    device : str or torch.device, optional
        Where to train; by default where the network is. It stays there.
    random_state : int or Generator, default=0
        Order of the films, augmentation and dropout. Equal seeds give equal weights on
        one machine with one number of threads. torch's global state stays as it was.

    Returns
    -------
    History
        Per epoch: training loss, tune loss and AUROC, learning rate, seconds.

    Raises
    ------
    BadInput
        If an argument has another shape or range, or the loss becomes NaN.

    References
    ----------
    Loshchilov I, Hutter F. Decoupled weight decay regularization. ICLR 2019.

    Examples
    --------
    >>> from coursekit.imaging import SmallCNN, predict_risk
    >>> y = np.arange(64) % 2
    >>> films = np.full((64, 1, 16, 16), 100, dtype="uint8")
    >>> films[y == 1, :, 4:8, 4:8] = 200
    >>> network = SmallCNN()
    >>> history = fit(network, films, y, epochs=5, batch_size=16, learning_rate=0.01)
    >>> risk = predict_risk(network, films[:2])
    >>> bool(risk[0] < 0.5 < risk[1])
    True
    """
    if patience is not None and tune is None:
        raise BadInput("patience needs tune films to see that nothing gets better.")
    device = device_of(network) if device is None else torch.device(device)
    train = read_training(network.to(device), films, y, sample_weight, groups)
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=learning_rate, weight_decay=weight_decay
    )
    plan = Plan(
        loss=plain_loss if loss is None else loss,
        augment=augment,
        dro=None
        if groups is None
        else GroupDRO(int(train.group.max()) + 1, group_step),
        optimiser=optimiser,
        scheduler=read_schedule(
            schedule, optimiser, epochs * math.ceil(len(train) / batch_size)
        ),
        batch_size=batch_size,
        bfloat16=bool(mixed_precision) and device.type == "cuda",
    )
    history, best = History(), Best()
    with seeded(random_state, device) as generator:
        for number in range(epochs):
            started = time.perf_counter()
            train_loss = learn_once(network, train, plan, generator)
            epoch = judge(network, tune, train_loss, plan.scheduler, started)
            history.epochs.append(epoch)
            best.look_at(number, epoch, network)
            if patience is not None and number - best.epoch >= patience:
                break
    network.load_state_dict(best.weights)
    network.eval()
    history.best_epoch = best.epoch
    return history


def learn_once(network, train, plan, generator):
    """Show the network every film once, in random order; return the mean loss."""
    network.train()
    total = 0.0
    order = torch.randperm(len(train), generator=generator)
    for rows in order.to(train.films.device).split(plan.batch_size):
        films = to_unit(train.films[rows])
        if plan.augment is not None:
            films = plan.augment(films, generator)
        with torch.autocast(films.device.type, torch.bfloat16, enabled=plan.bfloat16):
            logits = network(films)
        values = train.weight[rows] * plan.loss(logits.float(), train.y[rows])
        mean = (
            values.mean() if plan.dro is None else plan.dro(values, train.group[rows])
        )
        plan.optimiser.zero_grad()
        mean.backward()
        plan.optimiser.step()
        plan.scheduler.step()
        total += float(mean.detach()) * len(rows)
    if not math.isfinite(total):
        raise BadInput("The loss is no number any more. Is the learning rate too high?")
    return total / len(train)


def judge(network, tune, train_loss, scheduler, started):
    """Return what is known after an epoch: losses, AUROC, learning rate, seconds."""
    tune_loss = tune_auroc = math.nan
    if tune is not None:
        films, y = tune
        logits, y = predict_logits(network, films), np.asarray(y)
        tune_loss = float(mean_log_loss(logits, y))
        if logits.ndim == 1 and set(np.unique(y)) == {0, 1}:
            tune_auroc = float(auroc(y, logits))
    [learning_rate] = scheduler.get_last_lr()
    seconds = time.perf_counter() - started
    return Epoch(train_loss, tune_loss, tune_auroc, learning_rate, seconds)


def read_training(network, films, y, sample_weight, groups):
    """Return the training films on the network's device, checked."""
    device = device_of(network)
    films = read_films(films, device)
    if len(films) == 0:
        raise BadInput("There are no training films.")
    with evaluating(network), torch.no_grad():
        n_outputs = network(to_unit(films[:1])).shape[1]
    weight = np.ones(len(films)) if sample_weight is None else np.asarray(sample_weight)
    group = None if groups is None else number_groups(groups)
    for name, values in [("sample_weight", weight), ("groups", group)]:
        if values is not None and values.shape != (len(films),):
            raise BadInput(
                f"{name} has the shape {values.shape}; there are {len(films)} films."
            )
    return TrainingFilms(
        films=films,
        y=read_outcomes(y, len(films), n_outputs).to(device),
        weight=torch.from_numpy(weight.astype("float32")).to(device),
        group=None if group is None else torch.from_numpy(group).to(device),
    )


def read_schedule(schedule, optimiser, n_steps):
    """Return torch's scheduler for "cosine" or None; n_steps are batches in all."""
    if schedule == "cosine":
        return torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, n_steps)
    if schedule is None:
        return torch.optim.lr_scheduler.ConstantLR(optimiser, factor=1.0)
    raise BadInput(f'schedule is {schedule!r}; give "cosine" or None.')
