# Two commands do everything: `make graph` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
OUT ?= build
REPORT ?= data/reports/tongzhou-2021.txt

.DEFAULT_GOAL := help
.PHONY: help graph test test-slow lint types check format wheel clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

graph: $(VENV)/.core ## build the graph, the store and the network page of the shipped report
	$(BIN)/kg build $(REPORT) -o $(OUT)

test: $(VENV)/.dev ## run the fast tests
	$(BIN)/python -m pytest -n auto

test-slow: $(VENV)/.dev ## run the slow tests
	$(BIN)/python -m pytest -n auto -m slow

lint: $(VENV)/.dev ## style and common faults
	$(BIN)/ruff check kg tests benchmarks
	$(BIN)/ruff format --check kg tests benchmarks

types: $(VENV)/.dev ## static types
	$(BIN)/mypy

check: lint types test ## all that a change has to pass

format: $(VENV)/.dev ## put the code in order
	$(BIN)/ruff check --fix kg tests benchmarks
	$(BIN)/ruff format kg tests benchmarks

wheel: $(VENV)/.dev ## the package to hand on
	$(BIN)/pip wheel --no-deps -w dist .

clean: ## remove all that was made
	rm -rf $(VENV) $(OUT) dist .mypy_cache .ruff_cache .pytest_cache

$(VENV)/.python:
	$(PYTHON) -m venv $(VENV)
	touch $@

# The package is installed in place, so a changed source needs no new installation.
$(VENV)/.core: $(VENV)/.python pyproject.toml constraints.txt
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.dev: $(VENV)/.core
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@
