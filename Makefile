# make run, make test: that is all a fresh machine needs (Python 3.11 or newer, and make).

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p && break; done)
PY := .venv/bin/python
ARGS ?=
TCK ?=

# Every process of an installation reads the same modules: what Python compiled once is kept, also where the surroundings (images of
# containers do) say otherwise. Without that each of them spends three seconds on it.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-long scenarios lint bench fuzz conformance chromium migration lock installed installed-dev clean

help:
	@echo "make run          install, prepare and start everything; Ctrl-C stops it"
	@echo "make test         install what the tests need and run them (ARGS='tests/feel -x' for some)"
	@echo "make test-long    what takes longer (more scenarios, walks, parts that are killed); a change must pass both"
	@echo "make scenarios    every scenario on both databases (make test plays one in four, some on PostgreSQL)"
	@echo "make lint         style, types, layers, case types"
	@echo "make conformance  the DMN conformance kit (TCK=folder; ../shared/conformance/dmn-tck)"
	@echo "make fuzz         long random walks and histories of money; make bench: speed, into docs/performance.md"
	@echo "make migration    write the migration that the models ask for (M='why')"
	@echo "make lock         pin the requirements anew; make clean: forget the environment (not the data)"

installed:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install python3.11, or set PYTHON to its path."; exit 1; }
	@"$(PYTHON)" tools/install.py requirements.txt

installed-dev:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install python3.11, or set PYTHON to its path."; exit 1; }
	@"$(PYTHON)" tools/install.py requirements-dev.txt

run: installed
	@exec $(PY) -m app.supervisor

test: installed-dev chromium
	@exec $(PY) -m pytest -m "not long" $(ARGS)

test-long: installed-dev chromium
	@exec $(PY) -m pytest -m long $(ARGS)

chromium:
	@"$(PYTHON)" tools/chromium.py

scenarios: installed-dev
	@EVERY_SCENARIO=1 $(PY) -m pytest tests/scenarios $(ARGS)

lint: installed-dev
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m flask check
	$(PY) -m flask bpmn layout --check

bench: installed-dev
	$(PY) -m benchmarks $(ARGS)

fuzz: installed-dev
	$(PY) -m tests.engine.fuzz $(ARGS)
	JATIGI_LONG=300 $(PY) -m pytest -q tests/app/services/test_money_histories.py tests/concurrency/test_budget.py

conformance: installed-dev
	$(PY) -m tests.conformance.dmn_tck $(TCK) $(ARGS)

migration: installed-dev
	$(PY) tools/migration.py "$(M)"

lock: installed-dev
	$(PY) tools/lock.py

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
