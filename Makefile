# make demo    a course with a simulated class, graded by nbgrader, in build/demo
# make test    everything that CI checks
# make e2e     a day of professor, student and grader in JupyterLab, in Chromium
# make check   the quick part of it: style, and notebooks up to date
# make docs    the site of the documentation, in build/docs/index.html
#
# Both install into .venv first, once, and again when pyproject.toml or
# constraints.txt have changed. TORCH_INDEX=URL takes PyTorch from that index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PICTURES := $(CURDIR)/build/pictures
TORCH := $(shell grep '^torch==' constraints.txt)

ifdef TORCH_INDEX
DOWNLOAD := Download: 0.25 GB, and PyTorch from $(TORCH_INDEX).
else
DOWNLOAD := Download: 0.5 GB, but 2.8 GB on Linux, where PyTorch comes with CUDA unless \
  you say make demo TORCH_INDEX=URL, with the URL of a CPU build from pytorch.org.
endif

.DEFAULT_GOAL := help
.PHONY: help demo test e2e check docs clean
.DELETE_ON_ERROR:

help:
	@sed -n 's/^# //p;/^$$/q' Makefile

demo: $(VENV)/installed
	@echo "make demo: laying out a course in build/demo, handing in for a simulated"
	@echo "class, grading it with nbgrader. Nothing is downloaded. Some minutes;"
	@echo "for one assignment: $(BIN)/coursekit demo build/demo --assignments readmission"
	$(BIN)/coursekit demo build/demo

test: check
	@echo "make test: all tests, the slow ones and those of the whole way included."
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations 40

e2e: $(VENV)/installed-test
	@echo "make e2e: drives JupyterLab and the formgrader in Chromium, about 2 minutes;"
	@echo "skipped where chromium or bubblewrap is missing. Pictures: $(PICTURES)"
	COURSEKIT_PICTURES=$(PICTURES) $(BIN)/python -m pytest -rs tests/e2e/test_day.py tests/e2e/test_report_page.py

check: $(VENV)/installed-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m coursekit.authoring --check

docs: $(VENV)/installed-test
	@echo "make docs: the labs are run first, one after another, which takes some minutes,"
	@echo "and afterwards only where a lab or coursekit has changed. No network is used."
	@echo "To show what they showed last: PYTHONPATH=docs $(BIN)/python -m docsite --no-run"
	PYTHONPATH=docs OMP_NUM_THREADS=1 $(BIN)/python -m docsite
	@echo "Open build/docs/index.html."

clean:
	rm -rf build dist .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "coursekit needs Python 3.11 or later: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
	  echo "Python's venv module is missing: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing coursekit and the libraries it needs into $(VENV), once."
	@echo "$(DOWNLOAD)"
	$(if $(TORCH_INDEX),$(PIP) install --no-deps --index-url $(TORCH_INDEX) $(TORCH))
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/installed-test: $(VENV)/installed
	@echo "Installing what the tests need besides. Download: about 85 MB."
	$(PIP) install -c constraints.txt -e '.[test]'
	@touch $@
