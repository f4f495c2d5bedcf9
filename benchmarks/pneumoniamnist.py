"""The imaging room's own network on the official splits of PneumoniaMNIST.

::

    python benchmarks/pneumoniamnist.py --data pneumoniamnist.npz

The model is the mean logit of three small networks. Settings, epochs and cut-off are
chosen on the validation films alone; the test films are used once per seed, at the
end. Networks reach an AUROC above 0.99 on validation, so it can hardly tell them
apart, and it is made harder: each film is also used moved, turned, and with other
contrast, brightness and noise. The epoch is the one with the highest AUROC on these,
and the cut-off is where sensitivity and specificity on these are the same, so that it
does not lean on how common pneumonia is in validation. Figures are the medians of the
seeds. The last line is JSON.
"""

import argparse
import json
import time

import numpy as np
import torch
from scipy.special import expit

from coursekit.datasets import load_medmnist
from coursekit.imaging import (
    Augmentation,
    SmallCNN,
    count_parameters,
    fit,
    predict_logits,
)
from coursekit.metrics import auroc

AUGMENT = Augmentation(
    shift=3, rotate=15, zoom=0.2, contrast=0.5, brightness=0.2, noise=0.05
)
HARDER = Augmentation(
    shift=3, rotate=12, zoom=0.15, contrast=0.4, brightness=0.15, noise=0.04
)
NETWORK = {"width": 16, "dropout": 0.3}
SETTINGS = {"learning_rate": 3e-3, "weight_decay": 0.05}
N_NETWORKS = 3  # whose mean is one model
N_COPIES = 3  # of every validation film, made harder


def main(arguments=None):
    options = parse(arguments)
    torch.set_num_threads(options.threads)
    films = load_medmnist(options.data)
    runs = [one_run(films, seed, options.epochs) for seed in range(options.seeds)]
    report = {
        name: round(float(np.median([run[name] for run in runs])), 4)
        for name in runs[0]
    }
    report["parameters"] = int(report["parameters"])
    print(json.dumps(report))
    return report


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True, help="pneumoniamnist.npz")
    parser.add_argument("--seeds", type=int, default=3, help="how many, from 0")
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(arguments)


def one_run(films, seed, epochs):
    """Train, choose on validation, then judge on the test films."""
    start, cpu = time.monotonic(), time.process_time()
    tune = harder(films.val)
    networks = [
        trained(films.train, tune, N_NETWORKS * seed + number, epochs)
        for number in range(N_NETWORKS)
    ]
    cut_off = balanced_cut_off(tune[1], mean_logit(networks, tune[0]))
    seconds, cpu = time.monotonic() - start, time.process_time() - cpu
    logit = mean_logit(networks, films.test.films)
    run = {
        "auc": auroc(films.test.y, logit),
        "acc": np.mean((logit >= cut_off) == films.test.y),
        "train_s": seconds,
        "parameters": sum(map(count_parameters, networks)),
        "train_cpu_s": cpu,
        "validation_auc": auroc(films.val.y, mean_logit(networks, films.val.films)),
        "harder_validation_auc": auroc(tune[1], mean_logit(networks, tune[0])),
        "cut_off": float(expit(cut_off)),
        "acc_at_half": np.mean((logit >= 0) == films.test.y),
    }
    print(f"seed {seed}:", {k: round(float(v), 4) for k, v in run.items()}, flush=True)
    return run


def trained(train, tune, random_state, epochs):
    """Return one network, at its best epoch on the harder validation films."""
    network = SmallCNN(**NETWORK, random_state=random_state)
    fit(
        network,
        train.films,
        train.y,
        tune=tune,
        epochs=epochs,
        augment=AUGMENT,
        random_state=random_state,
        **SETTINGS,
    )
    return network


def mean_logit(networks, films):
    """Return what the networks say together, (n,)."""
    return np.mean([predict_logits(network, films) for network in networks], axis=0)


def harder(part):
    """Return films as they are and changed copies, float in [0, 1], with outcomes."""
    plain = torch.from_numpy(part.films / 255).float()
    generator = torch.Generator().manual_seed(0)
    copies = [HARDER(plain, generator) for _ in range(N_COPIES)]
    return torch.cat([plain, *copies]).numpy(), np.tile(part.y, N_COPIES + 1)


def balanced_cut_off(y, logit):
    """Return the logit at which sensitivity and specificity are closest."""
    candidates = np.unique(logit)
    ill, well = np.sort(logit[y == 1]), np.sort(logit[y == 0])
    sensitivity = 1 - np.searchsorted(ill, candidates) / len(ill)
    specificity = np.searchsorted(well, candidates) / len(well)
    return float(candidates[np.abs(sensitivity - specificity).argmin()])


if __name__ == "__main__":
    main()
