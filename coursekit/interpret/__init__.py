"""The room of explanations: what a model uses, and how to test what is said of it.

An explanation says what a model uses, never what causes an illness. What stands here
is taught in the labs. No mark is set by this room; `coursekit.metrics` does that.
"""

from coursekit.interpret.asking import positive_class
from coursekit.interpret.counterfactuals import Counterfactual, nearest_counterfactual
from coursekit.interpret.deletion import deletion_curve, faithfulness
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
from coursekit.interpret.letter import Fact, check_letter
from coursekit.interpret.odds_ratios import odds_ratios
from coursekit.interpret.reading_level import grade_level
from coursekit.interpret.sanity import (
    explanation_similarity,
    randomised_model_check,
    stability,
)
from coursekit.interpret.shapley import exact_shapley, sampled_shapley

__all__ = [
    "Counterfactual",
    "Explanation",
    "Fact",
    "accumulated_local_effects",
    "check_additive",
    "check_letter",
    "coded_families",
    "correlated_families",
    "deletion_curve",
    "exact_shapley",
    "explain_model",
    "explanation_similarity",
    "faithfulness",
    "grade_level",
    "ice_curves",
    "nearest_counterfactual",
    "odds_ratios",
    "partial_dependence",
    "permutation_importance",
    "positive_class",
    "randomised_model_check",
    "sampled_shapley",
    "stability",
]
