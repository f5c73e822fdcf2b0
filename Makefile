# `make demo` shows what there is, `make test` tests it. Each target makes the environment by itself when it must:
# in .venv, from pyproject.toml, constraints.txt and what is compiled, and again when one of them has changed.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BENCHMARKS := $(shell grep -l __main__ benchmarks/*.py)

# The first Python from 3.11 up; `make PYTHON=... demo` names another one.
PYTHON = $(shell for python in python3.11 python3 python3.12 python3.13; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

.PHONY: demo test test-fast check format bench clean

demo: $(READY)
	@$(BIN)/python examples/demo.py

test: $(READY)
	$(BIN)/python -m pytest

test-fast: $(READY)
	$(BIN)/python -m pytest -m 'not slow' -n 2

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/architecture

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	@mkdir -p benchmarks/results
	set -e; for script in $(BENCHMARKS); do \
		$(BIN)/python $$script --out benchmarks/results/$$(basename $$script .py).md; done

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .hypothesis
	rm -f llmpost/*/_native.*.so
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

include tools/bundled_model/train.mk tools/injection/train.mk tools/moderation/train.mk tools/names/train.mk

$(READY): pyproject.toml constraints.txt setup.py $(wildcard llmpost/*/*.[ch])
	@test -n "$(PYTHON)" || { echo "make: no Python from 3.11 up was found. Install one, or run: make PYTHON=/path/to/python" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
