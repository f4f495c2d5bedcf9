"""From slices to masks: train a network on outlines, and outline with it.

The training loop is that of `fit`, batch by batch; what differs is the loss, and that
the best epoch is the one of the highest mean Dice on audited slices.
"""

import math
import time
from dataclasses import dataclass

import numpy as np
import torch
from scipy.special import expit
from torch.nn import functional

from coursekit.errors import BadInput
from coursekit.imaging.films import read_films
from coursekit.imaging.history import Epoch, History
from coursekit.imaging.predicting import device_of, predict_logits
from coursekit.imaging.randomness import seeded
from coursekit.imaging.training import (
    Best,
    Plan,
    TrainingFilms,
    learn_once,
    read_schedule,
)
from coursekit.metrics import dice


@dataclass(frozen=True)
class SoftDiceLoss:
    """One less the Dice of probabilities, plus cross-entropy; one value a slice.

    Cross-entropy alone is content with an empty mask, since nearly all pixels are
    background; Dice alone says nothing about how sure a pixel is.

    Parameters
    ----------
    cross_entropy : float >= 0, default=1
        Weight of the mean cross-entropy of the slice's pixels; 0 leaves it out.
    smooth : float > 0, default=1
        Pixels added above and below, so that an empty slice has a Dice (of 1 for an
        empty answer).

    References
    ----------
    Milletari, Navab & Ahmadi 2016, 3DV, 565-571 (Dice as a loss).

    Examples
    --------
    >>> logits = torch.tensor([[[[9.0, -9.0]]], [[[-9.0, 9.0]]]])
    >>> SoftDiceLoss()(logits, torch.tensor([[[1.0, 0.0]], [[1.0, 0.0]]])).round()
    tensor([ 0., 10.])
    """

    cross_entropy: float = 1.0
    smooth: float = 1.0

    def __call__(self, logits, masks):
        """Return the loss of each slice, (n,), for (n, 1, h, w) and (n, h, w)."""
        logits = logits[:, 0]
        risk = torch.sigmoid(logits)
        both = (risk * masks).sum((1, 2))
        sizes = risk.sum((1, 2)) + masks.sum((1, 2))
        overlap = (2 * both + self.smooth) / (sizes + self.smooth)
        pixels = functional.binary_cross_entropy_with_logits(
            logits, masks, reduction="none"
        )
        return 1 - overlap + self.cross_entropy * pixels.mean((1, 2))


def fit_masks(
    network,
    slices,
    masks,
    *,
    tune=None,
    loss=None,
    epochs=5,
    batch_size=8,
    learning_rate=0.005,
    augment=None,
    sample_weight=None,
    random_state=0,
):
    """Train a network to outline what the masks outline.

    Taught in lab 06_labelling_tumours.

    Parameters
    ----------
    network : torch.nn.Module
        Takes slices in [0, 1], gives (n, 1, height, width) logits, as `UNet` does.
        Trained in place; in evaluation mode afterwards.
    slices : array-like of shape (n, channels, height, width)
        uint8 in 0..255 or float in [0, 1].
    masks : array-like of shape (n, height, width)
        In [0, 1]: one rater's outlines, a vote, or STAPLE's probabilities.
    tune : (slices, masks), optional
        Audited slices of other patients: the epoch of the highest mean Dice is kept.
        Without them the last is.
    loss : callable, optional
        Of logits and masks, giving one value a slice; `SoftDiceLoss` by default.
    epochs, batch_size : int, default=5 and 8
    learning_rate : float, default=0.005
        AdamW's at the start; it falls to 0 along half a cosine.
    augment : Augmentation, optional
        Brightness, contrast and noise only: what moves pixels would have to move the
        masks as well.
    sample_weight : array-like of shape (n,), optional
    random_state : int or Generator, default=0

    Returns
    -------
    History
        Per epoch; ``tune_loss`` is 1 - mean Dice on the tune slices with a lesion.

    Raises
    ------
    BadInput
        If shapes do not fit, a mask leaves [0, 1], or the loss becomes NaN.

    Examples
    --------
    >>> from coursekit.imaging import UNet
    >>> slices = np.random.default_rng(0).integers(0, 90, (16, 1, 16, 16), "uint8")
    >>> slices[:, :, 4:10, 4:10] += 120
    >>> masks = slices[:, 0] > 100
    >>> history = fit_masks(UNet(in_channels=1), slices, masks, epochs=3)
    >>> losses = history.frame()["train_loss"]
    >>> bool(losses.iloc[-1] < losses.iloc[0])
    True
    """
    films = read_slices(slices, masks)
    refuse_moving(augment)
    weight = np.ones(len(films)) if sample_weight is None else sample_weight
    weight = torch.as_tensor(np.asarray(weight, "float32"))
    train = TrainingFilms(
        films, torch.as_tensor(np.asarray(masks, "float32")), weight, None
    )
    optimiser = torch.optim.AdamW(network.parameters(), lr=learning_rate)
    steps = epochs * math.ceil(len(films) / batch_size)
    plan = Plan(
        loss=SoftDiceLoss() if loss is None else loss,
        augment=augment,
        dro=None,
        optimiser=optimiser,
        scheduler=read_schedule("cosine", optimiser, steps),
        batch_size=batch_size,
        bfloat16=False,
    )
    history, best = History(), Best()
    with seeded(random_state, device_of(network)) as generator:
        for number in range(epochs):
            started = time.perf_counter()
            train_loss = learn_once(network, train, plan, generator)
            epoch = judge_masks(network, tune, train_loss, plan.scheduler, started)
            history.epochs.append(epoch)
            best.look_at(number, epoch, network)
    network.load_state_dict(best.weights)
    network.eval()
    history.best_epoch = best.epoch
    return history


def judge_masks(network, tune, train_loss, scheduler, started):
    """Return what is known after an epoch; the tune loss is 1 - mean Dice."""
    tune_loss = math.nan
    if tune is not None:
        slices, masks = tune
        masks = np.asarray(masks)
        ill = masks.any(axis=(1, 2))
        found = predict_mask(network, np.asarray(slices)[ill])
        tune_loss = 1 - float(dice(masks[ill], found).mean())
    [learning_rate] = scheduler.get_last_lr()
    seconds = time.perf_counter() - started
    return Epoch(train_loss, tune_loss, math.nan, learning_rate, seconds)


def predict_mask_probability(network, slices, *, batch_size=100):
    """Return the probability of every pixel that it belongs to a lesion.

    Parameters
    ----------
    network : torch.nn.Module
    slices : array-like of shape (n, channels, height, width)
        uint8 in 0..255 or float in [0, 1].
    batch_size : int, default=100
        Changes memory and time, not the result (up to rounding).

    Returns
    -------
    ndarray of float64, shape (n, height, width), in [0, 1]

    Examples
    --------
    >>> from coursekit.imaging import UNet
    >>> predict_mask_probability(UNet(), np.zeros((2, 4, 64, 64), "uint8")).shape
    (2, 64, 64)
    """
    logits = predict_logits(network, slices, batch_size=batch_size)
    return expit(logits)


def predict_mask(network, slices, cut_off=0.5):
    """Return the outlines of lesions that a network sees.

    Taught in lab 06_labelling_tumours.

    Parameters
    ----------
    network : torch.nn.Module
    slices : array-like of shape (n, channels, height, width)
        uint8 in 0..255 or float in [0, 1].
    cut_off : float in [0, 1], default=0.5
        Probability from which a pixel is lesion; set it on tune slices.

    Returns
    -------
    ndarray of uint8, shape (n, height, width)
        1 = lesion.

    Examples
    --------
    >>> from coursekit.imaging import UNet
    >>> int(predict_mask(UNet(), np.zeros((1, 4, 64, 64), "uint8"), cut_off=1).sum())
    0
    """
    return (predict_mask_probability(network, slices) >= cut_off).astype(np.uint8)


def read_slices(slices, masks):
    """Return slices as a tensor, and refuse masks that do not fit them.

    Examples
    --------
    >>> read_slices(np.zeros((2, 4, 8, 8), "uint8"), np.zeros((2, 8, 8))).shape
    torch.Size([2, 4, 8, 8])
    """
    films, masks = read_films(slices), np.asarray(masks)
    if masks.shape != (len(films), *films.shape[2:]):
        raise BadInput(
            f"Masks of shape {masks.shape} do not fit slices of shape "
            f"{tuple(films.shape)}; give one mask a slice, such as a vote of raters."
        )
    if len(masks) == 0 or not (0 <= masks.min() <= masks.max() <= 1):
        raise BadInput("Masks must hold at least one slice and lie from 0 to 1.")
    return films


def refuse_moving(augment):
    """Refuse an augmentation that would move pixels and not the masks.

    Examples
    --------
    >>> refuse_moving(None)
    """
    moving = ("shift", "rotate", "zoom", "mask_corners", "swap_corners")
    if any(getattr(augment, name, 0) for name in moving):
        raise BadInput(f"A mask does not move along: leave {', '.join(moving)} at 0.")
