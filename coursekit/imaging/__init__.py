"""The room of imaging: small networks for small films, and how they go wrong.

Films are arrays of shape (n, channels, height, width), uint8 in 0..255 or float in
[0, 1]. Importing this room loads torch; nothing else in coursekit does. Everything
runs on a CPU and, if the network is put there, on another device.
"""

from coursekit.imaging.augmentation import Augmentation
from coursekit.imaging.backprop import TwoLayers
from coursekit.imaging.grad_cam import grad_cam
from coursekit.imaging.gradient_check import gradient_error, numeric_gradient
from coursekit.imaging.group_dro import GroupDRO, group_weights
from coursekit.imaging.history import History
from coursekit.imaging.hopfield import energy, recall, recall_error, store
from coursekit.imaging.integrated_gradients import integrated_gradients
from coursekit.imaging.latency import latency_ms
from coursekit.imaging.losses import FocalLoss, WeightedBCE
from coursekit.imaging.masks import mass_in_mask
from coursekit.imaging.networks import ResNet18, SmallCNN, count_parameters
from coursekit.imaging.optimisers import Adam, GradientDescent, Momentum, descend
from coursekit.imaging.predicting import predict_logits, predict_risk
from coursekit.imaging.pruning import prune_smallest, share_of_zeros
from coursekit.imaging.quantisation import quantise, size_bytes
from coursekit.imaging.rate_range import learning_rate_range
from coursekit.imaging.raters import Staple, majority_vote, rater_bias, staple
from coursekit.imaging.segmentation import (
    SoftDiceLoss,
    fit_masks,
    predict_mask,
    predict_mask_probability,
)
from coursekit.imaging.shortcuts import (
    mask_corners,
    moved_by,
    site_only_risk,
    with_corners_of,
)
from coursekit.imaging.splitting import split_by_patient, split_by_site
from coursekit.imaging.temperature import TemperatureScaling
from coursekit.imaging.training import fit
from coursekit.imaging.unet import UNet

__all__ = [
    "Adam",
    "Augmentation",
    "FocalLoss",
    "GradientDescent",
    "GroupDRO",
    "History",
    "Momentum",
    "ResNet18",
    "SmallCNN",
    "SoftDiceLoss",
    "Staple",
    "TemperatureScaling",
    "TwoLayers",
    "UNet",
    "WeightedBCE",
    "count_parameters",
    "descend",
    "energy",
    "fit",
    "fit_masks",
    "grad_cam",
    "gradient_error",
    "group_weights",
    "integrated_gradients",
    "latency_ms",
    "learning_rate_range",
    "majority_vote",
    "mask_corners",
    "mass_in_mask",
    "moved_by",
    "numeric_gradient",
    "predict_logits",
    "predict_mask",
    "predict_mask_probability",
    "predict_risk",
    "prune_smallest",
    "quantise",
    "rater_bias",
    "recall",
    "recall_error",
    "share_of_zeros",
    "site_only_risk",
    "size_bytes",
    "split_by_patient",
    "split_by_site",
    "staple",
    "store",
    "with_corners_of",
]
