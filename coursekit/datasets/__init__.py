"""Patients to learn from and to be graded on: drawn (`make_`) or local (`load_`)."""

from coursekit.datasets.catalogue import list_datasets, show_dataset
from coursekit.datasets.chest_films import make_chest_films
from coursekit.datasets.cohort import Cohort, Fault, ShownCohort, Truth, take_rows
from coursekit.datasets.diabetes130 import load_diabetes130, readmission_task
from coursekit.datasets.diabetes130_twin import make_diabetes130_twin
from coursekit.datasets.evaluation_cases import (
    make_calibration_cases,
    make_subgroup_cases,
)
from coursekit.datasets.explained import explained_background, make_explained
from coursekit.datasets.explained_cases import make_explained_cases
from coursekit.datasets.gap import make_gap
from coursekit.datasets.gap_cases import make_gap_cases
from coursekit.datasets.gap_course import make_gap_course
from coursekit.datasets.given_models import given_model
from coursekit.datasets.heart_disease import load_heart_disease
from coursekit.datasets.heart_disease_twin import make_heart_disease_twin
from coursekit.datasets.holdout import (
    HoldoutTruth,
    read_holdout_inputs,
    read_holdout_truth,
    write_holdout,
)
from coursekit.datasets.icu_twins import make_physionet2012_twin, make_yaib_twin
from coursekit.datasets.interval_cases import make_interval_cases
from coursekit.datasets.label_choice import make_label_choice
from coursekit.datasets.medmnist import Films, FilmSplits, load_medmnist
from coursekit.datasets.messy import make_messy_ehr
from coursekit.datasets.messy_cases import make_messy_cases
from coursekit.datasets.model_cases import make_model_cases
from coursekit.datasets.mri_slices import make_mri_slices
from coursekit.datasets.negex_sentences import load_negex
from coursekit.datasets.note_words import STATUSES, SYMPTOMS
from coursekit.datasets.notes import make_notes
from coursekit.datasets.own_notes import load_notes
from coursekit.datasets.phenotype_cases import make_phenotype_cases
from coursekit.datasets.phenotypes import make_phenotypes
from coursekit.datasets.physionet2012 import IcuStays, load_physionet2012
from coursekit.datasets.pneumoniamnist_twin import make_pneumoniamnist_twin
from coursekit.datasets.readmission import make_readmission, redraw_post_index
from coursekit.datasets.scores import ScoreModel, make_scores
from coursekit.datasets.storage import read_cohort, write_cohort
from coursekit.datasets.vendors import make_vendor_cases
from coursekit.datasets.yaib import YaibCohort, load_yaib

__all__ = [
    "STATUSES",
    "SYMPTOMS",
    "Cohort",
    "Fault",
    "FilmSplits",
    "Films",
    "HoldoutTruth",
    "IcuStays",
    "ScoreModel",
    "ShownCohort",
    "Truth",
    "YaibCohort",
    "explained_background",
    "given_model",
    "list_datasets",
    "load_diabetes130",
    "load_heart_disease",
    "load_medmnist",
    "load_negex",
    "load_notes",
    "load_physionet2012",
    "load_yaib",
    "make_calibration_cases",
    "make_chest_films",
    "make_diabetes130_twin",
    "make_explained",
    "make_explained_cases",
    "make_gap",
    "make_gap_cases",
    "make_gap_course",
    "make_heart_disease_twin",
    "make_interval_cases",
    "make_label_choice",
    "make_messy_cases",
    "make_messy_ehr",
    "make_model_cases",
    "make_mri_slices",
    "make_notes",
    "make_phenotype_cases",
    "make_phenotypes",
    "make_physionet2012_twin",
    "make_pneumoniamnist_twin",
    "make_readmission",
    "make_scores",
    "make_subgroup_cases",
    "make_vendor_cases",
    "make_yaib_twin",
    "read_cohort",
    "read_holdout_inputs",
    "read_holdout_truth",
    "readmission_task",
    "redraw_post_index",
    "show_dataset",
    "take_rows",
    "write_cohort",
    "write_holdout",
]
