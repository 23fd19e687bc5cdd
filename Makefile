# make demo     read samples/ and show where the results are
# make test     run the tests
# make check    what CI runs: style, types, tests
# make eval     measure against hand-labelled truth, report, and gate against the baseline
# make bench    speed and memory, of reading and of measuring
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
STAMP_DEV := $(VENV)/.installed-dev
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install

.PHONY: demo test check eval bench clean

demo: $(STAMP)
	$(BIN)/biaoge extract samples --out out --to json,html,csv,md --debug
	$(BIN)/biaoge fields out/*.json --to csv --out out/fields.csv --quiet
	@echo
	@echo "Look at out/: *.html are the tables, *.debug.html show where they stood, *.json is for programs."
	@echo "A scan, as given and made straight: out/003-photo.jpg.debug.html"
	@echo "The reports' numbers as named fields, a line each: out/fields.csv"

test: $(STAMP_DEV)
	$(BIN)/python -m pytest -q

check: $(STAMP_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -W error

eval: $(STAMP_DEV)
	$(BIN)/biaoge eval run all
	$(BIN)/biaoge eval report
	$(BIN)/biaoge eval gate benchmarks/baseline.json
	$(BIN)/python -m pytest -q -m slow

bench: $(STAMP_DEV)
	$(BIN)/python benchmarks/import_time.py
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/teds.py
	$(BIN)/python benchmarks/grits.py
	$(BIN)/python benchmarks/scans.py

clean:
	rm -rf build dist out *.egg-info .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "biaoge needs Python 3.11 or newer; say which one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(STAMP): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -c constraints.txt -e .
	@touch $@

$(STAMP_DEV): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -c constraints.txt -e '.[dev]'
	@touch $@ $(STAMP)
