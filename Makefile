# Recipes. `make try` and `make test` do everything on a machine with git, Python 3.11 or later and make.
# They keep to one virtual environment, .venv, and install with pip, set up as it is on this machine.
# To choose the Python: make try PYTHON=/path/to/python3.12

VENV ?= .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
ICAL_JS := tests/ical_js/node_modules/.installed
PAGES_JS := tests/pages_js/node_modules/.installed

.PHONY: try test lint types contracts unit messages golden bench fuzz crash lock clean help

help: ## list the recipes
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

try: $(VENV)/installed ## install the program into .venv and show the real plan as it stood on 05/10/2021
	$(BIN)/cdsplan status --as-of 05/10/2021 -p plans/nghean.toml

test: lint types contracts unit ## install what the tests need and run all of them

lint: $(VENV)/tests-installed ## style: ruff's rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/tests-installed ## types: mypy, strict, over package, tests, tools and measurements
	$(BIN)/mypy

contracts: $(VENV)/tests-installed ## which module may import which: import-linter
	$(BIN)/lint-imports

unit: $(VENV)/tests-installed $(if $(shell command -v npm),$(ICAL_JS) $(PAGES_JS)) ## pytest with branch coverage, README examples included
	$(BIN)/pytest -n auto --cov --cov-report=term --cov-fail-under=95

messages: $(VENV)/tests-installed ## bring the translations up to date with the sources, and list what is missing
	$(BIN)/python tools/messages.py update
	$(BIN)/python hatch_build.py
	-$(BIN)/python tools/messages.py missing

golden: $(VENV)/tests-installed ## write the golden files and the outputs in the README anew; then read the diff
	$(BIN)/pytest --golden-update

bench: $(VENV)/installed ## measure against the budgets (docs/performance.md)
	$(BIN)/python bench/run.py

fuzz: $(VENV)/tests-installed ## the property tests for long; HYPOTHESIS_MAX_EXAMPLES sets for how long
	$(BIN)/pytest -m hypothesis --hypothesis-profile=deep

crash: $(VENV)/installed ## kill writers of journals at random moments, ROUNDS times (1,000): nothing acknowledged is lost
	$(BIN)/python tests/crashes.py kill $(or $(ROUNDS),1000)

lock: $(VENV)/tests-installed ## write uv.lock anew after a change of dependencies
	$(BIN)/python -m pip install --quiet uv
	env -u UV_INDEX -u UV_INDEX_URL -u UV_DEFAULT_INDEX -u UV_EXTRA_INDEX_URL $(BIN)/uv lock --no-config

clean: ## remove what the recipes made
	rm -rf $(VENV) dist tests/ical_js/node_modules tests/pages_js/node_modules .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find cdsplan -name '*.mo' -delete

# An editable install: what runs is this tree, and the build hook compiles the translations in it.
$(VENV)/installed: pyproject.toml uv.lock hatch_build.py
	@test -n "$(PYTHON)" || { echo "cdsplan needs Python 3.11 or later: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python tools/locked.py > $(VENV)/constraints.txt
	$(BIN)/python -m pip install --quiet --constraint $(VENV)/constraints.txt --editable .
	@touch $@

# Dependency groups need pip 25.1.
$(VENV)/tests-installed: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --constraint $(VENV)/constraints.txt --group dev --editable '.[holidays,serve]'
	@touch $@

# ical.js reads the feeds in the tests, Playwright drives Chromium over the pages; where these cannot be had, those tests
# are skipped and say so.
$(ICAL_JS) $(PAGES_JS): %/node_modules/.installed: %/package-lock.json
	@cd $* && npm ci --silent --no-audit --no-fund && touch node_modules/.installed || \
	  echo "npm ci failed in $*: the tests that need it will be skipped" >&2
