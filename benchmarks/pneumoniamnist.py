"""The imaging room's own network on the official splits of PneumoniaMNIST.

::

    python benchmarks/pneumoniamnist.py --data pneumoniamnist.npz

Network, epoch and cut-off are chosen on the validation films alone; the test films
are read once per seed, at the end. Validation is easier than test (networks reach an
AUROC above 0.99 on it), so it is made harder: each validation film is also used
moved, turned, and with other contrast, brightness and noise. The epoch is the one
with the highest AUROC on these, and the cut-off is where sensitivity and specificity
on these are the same, so that it does not lean on how common pneumonia is in
validation. Figures are the medians of the seeds. The last line is JSON.
"""

import argparse
import json
import time

import numpy as np
import torch

from coursekit.datasets import load_medmnist
from coursekit.imaging import (
    Augmentation,
    SmallCNN,
    count_parameters,
    fit,
    predict_risk,
)
from coursekit.metrics import auroc

AUGMENT = Augmentation(
    shift=3, rotate=12, zoom=0.15, contrast=0.3, brightness=0.1, noise=0.03
)
HARDER = Augmentation(
    shift=3, rotate=12, zoom=0.15, contrast=0.4, brightness=0.15, noise=0.04
)
WIDTH = 16
SETTINGS = {"epochs": 25, "learning_rate": 3e-3, "weight_decay": 0.02}
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
    parser.add_argument("--epochs", type=int, default=SETTINGS["epochs"])
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(arguments)


def one_run(films, seed, epochs):
    """Train, choose on validation, then judge on the test films."""
    start, cpu = time.monotonic(), time.process_time()
    tune = harder(films.val)
    network = SmallCNN(width=WIDTH, random_state=seed)
    fit(
        network,
        films.train.films,
        films.train.y,
        tune=tune,
        augment=AUGMENT,
        random_state=seed,
        **{**SETTINGS, "epochs": epochs},
    )
    cut_off = balanced_cut_off(tune[1], predict_risk(network, tune[0]))
    seconds = time.monotonic() - start
    risk = predict_risk(network, films.test.films)
    run = {
        "auc": auroc(films.test.y, risk),
        "acc": np.mean((risk >= cut_off) == films.test.y),
        "train_s": seconds,
        "train_cpu_s": time.process_time() - cpu,
        "parameters": count_parameters(network),
        "val_auc": auroc(films.val.y, predict_risk(network, films.val.films)),
        "cut_off": cut_off,
        "acc_at_half": np.mean((risk >= 0.5) == films.test.y),
    }
    print(f"seed {seed}:", {k: round(float(v), 4) for k, v in run.items()}, flush=True)
    return run


def harder(part):
    """Return films as they are and changed copies, float in [0, 1], with outcomes."""
    plain = torch.from_numpy(part.films / 255).float()
    generator = torch.Generator().manual_seed(0)
    copies = [HARDER(plain, generator) for _ in range(N_COPIES)]
    return torch.cat([plain, *copies]).numpy(), np.tile(part.y, N_COPIES + 1)


def balanced_cut_off(y, risk):
    """Return the risk at which sensitivity and specificity are closest."""
    candidates = np.unique(risk)
    ill, well = np.sort(risk[y == 1]), np.sort(risk[y == 0])
    sensitivity = 1 - np.searchsorted(ill, candidates) / len(ill)
    specificity = np.searchsorted(well, candidates) / len(well)
    return float(candidates[np.abs(sensitivity - specificity).argmin()])


if __name__ == "__main__":
    main()
