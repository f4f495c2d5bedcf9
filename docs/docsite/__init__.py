"""Build the site of coursekit's documentation: ``make docs``.

The pages are the Markdown files in ``docs/``, which also read well where they lie. A
copy of them is laid out in ``build/docs-pages``; there a line such as
``<!-- site: measures -->`` becomes a table made from the code, and the pages that are
made altogether (labs, certificates, the API) are put beside them. Sphinx then makes
``build/docs`` of it, with warnings as errors and without the network.
"""
