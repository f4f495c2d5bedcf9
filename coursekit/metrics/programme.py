"""What a programme that looks after flagged patients saves, in closed form.

A model flags patients, the flagged are enrolled, and of the readmissions among them a
share is prevented. What is saved is the cost of those, less the cost of the programme.
Money is in any one currency.
"""

import math
from dataclasses import dataclass, fields

from coursekit.errors import BadInput

SHARES = ("prevalence", "sensitivity", "alert_rate", "effectiveness")


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The assumptions about a programme, all plain numbers.

    Raises
    ------
    BadInput
        If a share is not in [0, 1], or anything is negative or not a number.

    Examples
    --------
    >>> home_visits = Programme(
    ...     n_patients=1000, prevalence=0.2, sensitivity=0.5, alert_rate=0.25,
    ...     effectiveness=0.1, cost_per_readmission=12_000, cost_per_enrolled=200,
    ...     fixed_cost=10_000,
    ... )
    >>> round(home_visits.n_enrolled), round(home_visits.n_prevented)
    (250, 10)
    >>> round(saved_cost(home_visits))
    60000
    """

    n_patients: float  # discharged in the period
    prevalence: float  # share of them readmitted without the programme
    sensitivity: float  # share of those readmitted whom the model flags
    alert_rate: float  # share of all patients whom the model flags; all are enrolled
    effectiveness: float  # share of the enrolled's readmissions that is prevented
    cost_per_readmission: float
    cost_per_enrolled: float  # of the programme, for each patient enrolled
    fixed_cost: float  # of the programme, whoever is in it

    def __post_init__(self):
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value >= 0):
                raise BadInput(f"{field.name} is {value}; give a number of at least 0.")
        for name in SHARES:
            if getattr(self, name) > 1:
                raise BadInput(
                    f"{name} is {getattr(self, name)}; a share is at most 1."
                )

    @property
    def n_enrolled(self):
        """Patients enrolled: all who are flagged, ill or well."""
        return self.n_patients * self.alert_rate

    @property
    def n_reached(self):
        """Enrolled patients who would be readmitted without the programme."""
        return self.n_patients * self.prevalence * self.sensitivity

    @property
    def n_prevented(self):
        """Readmissions prevented."""
        return self.n_reached * self.effectiveness

    @property
    def programme_cost(self):
        """What the programme itself costs."""
        return self.n_enrolled * self.cost_per_enrolled + self.fixed_cost

    @property
    def readmission_cost(self):
        """What all readmissions cost without the programme."""
        return self.n_patients * self.prevalence * self.cost_per_readmission


def saved_cost(programme):
    """Return the readmissions prevented times their cost, less the programme's cost.

    Below 0 the programme costs more than it saves. Two mistakes are common: to forget
    that every flagged patient costs the programme money, the well ones too
    (``COST-NO-PROGRAMME-COST``), and to count readmissions that the programme never
    reached, since the model did not flag them (``COST-DOUBLE-COUNT``).

    Parameters
    ----------
    programme : Programme

    Returns
    -------
    float
        In the currency of the costs.

    Examples
    --------
    >>> leaflet = Programme(
    ...     n_patients=100, prevalence=0.25, sensitivity=1, alert_rate=1,
    ...     effectiveness=0, cost_per_readmission=10_000, cost_per_enrolled=2,
    ...     fixed_cost=0,
    ... )
    >>> saved_cost(leaflet)
    -200.0
    """
    gained = programme.n_prevented * programme.cost_per_readmission
    return float(gained - programme.programme_cost)


def programme_savings(
    n_patients,
    prevalence,
    sensitivity,
    alert_rate,
    effectiveness,
    cost_per_readmission,
    cost_per_enrolled,
    fixed_cost,
):
    """Return `saved_cost` of a programme given as plain numbers.

    ``n_patients * (prevalence * sensitivity * effectiveness * cost_per_readmission
    - alert_rate * cost_per_enrolled) - fixed_cost``. The parameters are the fields of
    `Programme`. Whether they fit together (see `check_possible`) is not asked, so that
    a "what if" may put any one of them in another's place.

    Returns
    -------
    float
        In the currency of the costs.

    Examples
    --------
    >>> round(programme_savings(1000, 0.2, 0.5, 0.25, 0.1, 12_000, 200, 10_000))
    60000
    """
    return saved_cost(
        Programme(
            n_patients=n_patients,
            prevalence=prevalence,
            sensitivity=sensitivity,
            alert_rate=alert_rate,
            effectiveness=effectiveness,
            cost_per_readmission=cost_per_readmission,
            cost_per_enrolled=cost_per_enrolled,
            fixed_cost=fixed_cost,
        )
    )


def share_saved(programme):
    """Return what is saved as a share of what all readmissions would cost.

    Parameters
    ----------
    programme : Programme

    Returns
    -------
    float
        At most 1; below 0 where the programme loses money; NaN where readmissions
        cost nothing.

    Examples
    --------
    >>> from dataclasses import replace
    >>> plan = Programme(
    ...     n_patients=1000, prevalence=0.2, sensitivity=0.5, alert_rate=0.25,
    ...     effectiveness=0.1, cost_per_readmission=12_000, cost_per_enrolled=200,
    ...     fixed_cost=10_000,
    ... )
    >>> round(share_saved(plan), 3), share_saved(replace(plan, prevalence=0))
    (0.025, nan)
    """
    if programme.readmission_cost == 0:
        return math.nan
    return saved_cost(programme) / programme.readmission_cost


def break_even_effectiveness(programme):
    """Return the effectiveness at which the programme saves exactly nothing.

    Parameters
    ----------
    programme : Programme
        Its own effectiveness does not matter.

    Returns
    -------
    float
        Above 1, no effectiveness pays for it; infinite where nobody is reached or a
        readmission costs nothing, and NaN if the programme then costs nothing either.

    Examples
    --------
    >>> plan = Programme(
    ...     n_patients=1000, prevalence=0.2, sensitivity=0.5, alert_rate=0.25,
    ...     effectiveness=0.1, cost_per_readmission=12_000, cost_per_enrolled=200,
    ...     fixed_cost=10_000,
    ... )
    >>> break_even_effectiveness(plan)
    0.05
    """
    preventable = programme.n_reached * programme.cost_per_readmission
    if preventable > 0:
        return programme.programme_cost / preventable
    return math.inf if programme.programme_cost > 0 else math.nan


def check_possible(programme):
    """Refuse assumptions that no model can have together.

    Raises
    ------
    BadInput
        If more ill patients are found than are flagged at all, or more well patients
        flagged than there are.

    Examples
    --------
    >>> check_possible(Programme(
    ...     n_patients=1000, prevalence=0.2, sensitivity=0.5, alert_rate=0.25,
    ...     effectiveness=0.1, cost_per_readmission=12_000, cost_per_enrolled=200,
    ...     fixed_cost=10_000,
    ... ))
    """
    found = programme.prevalence * programme.sensitivity
    if found > programme.alert_rate + 1e-12:
        raise BadInput(
            f"The model would find {found:.3f} of all patients ill but flag only "
            f"{programme.alert_rate:.3f}. Raise alert_rate or lower sensitivity."
        )
    if programme.alert_rate > found + 1 - programme.prevalence + 1e-12:
        raise BadInput(
            f"The model would flag {programme.alert_rate:.3f} of all patients, more "
            "than the ill it finds and all the well. Lower alert_rate."
        )
