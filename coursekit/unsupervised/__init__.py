"""The room of unsupervised learning: phenotypes, how stable they are, and sites.

Algorithms come from scikit-learn. What stands here is what it lacks: are there
clusters, how many, do they come back, and are they more than hospitals? No mark is set
by this room.
"""

from coursekit.unsupervised.adjusting import adjusted_for
from coursekit.unsupervised.consensus import Consensus, consensus_clusters
from coursekit.unsupervised.gap import GapStatistic, gap_statistic
from coursekit.unsupervised.stability import Stability, cluster_stability, jaccard

__all__ = [
    "Consensus",
    "GapStatistic",
    "Stability",
    "adjusted_for",
    "cluster_stability",
    "consensus_clusters",
    "gap_statistic",
    "jaccard",
]
