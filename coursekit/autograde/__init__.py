"""The way of a submission: intake, run in a sandbox, score, record.

This room shows no names of its own: it is imported inside every sandbox, where each
import costs every submission. Import from its modules, such as
``coursekit.autograde.runner``.
"""
