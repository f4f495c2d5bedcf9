"""What a vendor claims: figures of the vendor's own hospital, not of the clinic.

There the model has the patients it was made for: other ages, other risks, another
number of them, and chance. So what a clinic finds differs from the brochure in both
directions, and by as much for a sound model as for a faulty one.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from coursekit.datasets.vendor_models import FINE, LEAKY, draw_languages
from coursekit.datasets.vendor_patients import draw_patients


def brochure(vendor, rng):
    """Return what the vendor's own hospital saw, told a little too well.

    Parameters
    ----------
    vendor : Vendor
        As the clinic uses it. At home nothing drifted, is miscalibrated or under-serves
        anybody; a leaky model leaks there too, and nobody noticed.
    rng : numpy.random.Generator
        Of this hospital alone: nothing of the clinic's patients goes into it.

    Returns
    -------
    dict of str to float
        ``auroc``, ``sensitivity`` and ``prevalence`` at home, and the ``threshold``
        that flagged 10 to 30 percent there.

    Examples
    --------
    >>> from coursekit.datasets.vendor_models import draw_vendor
    >>> vendor = draw_vendor(np.random.default_rng(0), "fine")
    >>> claims = brochure(vendor, np.random.default_rng(1))
    >>> 0.6 < claims["auroc"] < 1, 0 < claims["threshold"] < 1
    (True, True)
    """
    table, _ = draw_patients(own_hospital(vendor, rng), rng)
    y, score = table["y"].to_numpy(), table["score"].to_numpy()
    threshold = float(np.quantile(score, 1 - rng.uniform(0.10, 0.30)))
    found = float((score >= threshold)[y == 1].mean())
    return {
        "auroc": round(min(auroc(y, score) + rng.uniform(0.0, 0.03), 0.99), 2),
        "sensitivity": round(min(found + rng.uniform(0.0, 0.05), 0.99), 2),
        "prevalence": round(float(y.mean()), 2),
        "threshold": round(threshold, 2),
    }


def own_hospital(vendor, rng):
    """Return the same model where it was made, with the patients of that place.

    Examples
    --------
    >>> from coursekit.datasets.vendor_models import draw_vendor
    >>> vendor = draw_vendor(np.random.default_rng(0), "drifted")
    >>> own_hospital(vendor, np.random.default_rng(1)).fault
    'fine'
    """
    shares, shifts = draw_languages(rng)
    return replace(
        vendor,
        fault=LEAKY if vendor.fault == LEAKY else FINE,
        prevalence=vendor.prevalence * rng.uniform(0.6, 1.5),
        spread=vendor.spread * rng.uniform(0.75, 1.3),
        season=rng.uniform(-0.6, 0.6),
        shares=shares,
        language_shift=shifts,
        worst=None,
        kept=1.0,
        shift=0.0,
        late_share=rng.uniform(0.20, 0.40),
        n_patients=int(rng.integers(600, 4000)),
    )


def auroc(y, score):
    """Return the area under the ROC curve.

    Examples
    --------
    >>> auroc(np.array([0, 1, 0, 1]), np.array([0.1, 0.4, 0.5, 0.9]))
    0.75
    """
    n_ill = int(y.sum())
    above = pd.Series(score).rank().to_numpy()[y == 1].sum() - n_ill * (n_ill + 1) / 2
    return float(above / (n_ill * (len(y) - n_ill)))
