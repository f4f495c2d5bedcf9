"""The room of explanations: what a model uses, and how to test what is said of it.

An explanation says what a model uses, never what causes an illness. What stands here
is taught in the labs. No mark is set by this room; `coursekit.metrics` does that.
"""

from coursekit.interpret.asking import positive_class
from coursekit.interpret.dependence import (
    accumulated_local_effects,
    ice_curves,
    partial_dependence,
)
from coursekit.interpret.explaining import explain_model
from coursekit.interpret.explanation import Explanation, check_additive
from coursekit.interpret.importance import (
    coded_families,
    correlated_families,
    permutation_importance,
)
from coursekit.interpret.shapley import exact_shapley, sampled_shapley

__all__ = [
    "Explanation",
    "accumulated_local_effects",
    "check_additive",
    "coded_families",
    "correlated_families",
    "exact_shapley",
    "explain_model",
    "ice_curves",
    "partial_dependence",
    "permutation_importance",
    "positive_class",
    "sampled_shapley",
]
