"""Sphinx's settings. Nothing is asked of the network, at build or by a reader."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from coursekit import __version__

project = "coursekit"
author = "coursekit contributors"
copyright = "coursekit contributors, MIT licence"
release = __version__
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "docsite.mathml",
]
html_theme = "furo"
html_title = "coursekit"
html_show_sourcelink = False
html_copy_source = False
html_static_path = ["static"]
html_css_files = ["coursekit.css"]
templates_path = []
exclude_patterns = []

# Links to pages and sections are checked; names in a text are not all names of ours.
nitpicky = True
nitpick_ignore_regex = [("py:.*", ".*")]
default_role = "py:obj"
suppress_warnings = ["myst.header"]  # a lab may begin a section one level down

myst_enable_extensions = ["colon_fence", "dollarmath", "deflist"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # labs are run beforehand, by docsite.running
nb_ipywidgets_js = {}
nb_merge_streams = True

autodoc_member_order = "groupwise"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_rtype = False
copybutton_exclude = ".linenos, .gp"
copybutton_prompt_text = ">>> |\\.\\.\\. |\\$ "
copybutton_prompt_is_regexp = True
