"""An audit of any model's scores, for a clinic: numbers first, then a report.

`audit_scores` finds every number; `render` makes the page. The order is that of Raji et
al. 2020 (FAT* 2020:33-44): scope, map, artefacts, test, reflect. For audits in medicine
see Liu et al. 2022 (Lancet Digital Health 4:e384-e397).
"""

from coursekit.audit.auditing import Audit, audit_scores
from coursekit.audit.columns import Columns, Scores
from coursekit.audit.findings import Finding
from coursekit.audit.reading import read_table

__all__ = ["Audit", "Columns", "Finding", "Scores", "audit_scores", "read_table"]
