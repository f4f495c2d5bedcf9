"""From a student's answers to points that explain themselves.

::

    rubric.toml --lock--> rubric.lock.toml      holdout: the hidden patients
    answers --serving--> replies --score--> record --feedback--> words

A notebook reaches this room through `coursekit.load_cohorts`, `coursekit.submit` and
`coursekit.check`; a grader through the `coursekit` command. Its modules are imported
one by one, so that a student's session loads no more than it needs.
"""
