# make demo: see it work.   make test: run the tests.   Each sets up its own .venv; nothing else is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PINNED := $(PIP) --constraint requirements/development.txt

.PHONY: demo test check lint types package docs hooks lock coverage prove bench campaign mutants coq clean

demo: $(VENV)/.base
	@sh examples/demo.sh $(BIN)/triquetra

test: $(VENV)/.test
	$(BIN)/pytest --numprocesses auto --durations 10

# What a commit must pass.
check: lint types

lint: $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.lint
	$(BIN)/mypy

# Builds sdist and wheel, and checks what is in them.
package: $(VENV)/.lint
	$(BIN)/python tests/packaging/check_wheel.py

# The documentation site in build/site; a link or an anchor that leads nowhere is an error.
docs: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

# Lint, format and types before each commit.
hooks: $(VENV)/.lint
	$(PINNED) --group hooks
	$(BIN)/pre-commit install

# Pins all that development installs, for every supported Python.
lock: $(VENV)/.base
	$(PINNED) --group lock
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --extra studies --extra survey \
	  $(foreach group,test lint package docs hooks lock coverage mutants,--group $(group)) \
	  --no-header --no-annotate --no-emit-index-url --upgrade --output-file requirements/development.txt

# Lines that the tests reach, numba's kernels left out: build/coverage.
coverage: $(VENV)/.test
	$(PINNED) --group coverage
	$(BIN)/pytest --numprocesses auto --cov --cov-report term:skip-covered --cov-report html:build/coverage

# Each machine of the library, proved in both tape modes.
prove: $(VENV)/.base
	$(BIN)/python -m benchmarks.prove_library

# Questions about speed, with their answers: one table.
bench: $(VENV)/.test
	$(BIN)/python -m benchmarks

# Long soundness runs.
campaign: $(VENV)/.test
	$(BIN)/pytest -m campaign --durations 10

# Mutants of the checker: each must be killed by a test.
mutants: $(VENV)/.test
	$(PINNED) --group mutants
	$(BIN)/python -m tests.mutants

# The induction for one machine, accepted by Coq (Debian: apt-get install coq).
coq: $(VENV)/.base
	mkdir -p build
	$(BIN)/triquetra obligations @increment --coq build/increment.v
	cd build && coqc -q increment.v

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.base: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "triquetra needs Python 3.11 or newer; say make PYTHON=...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade 'pip>=25.1'
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.base requirements/development.txt
	$(PINNED) --editable '.[studies,survey]' --group test
	@touch $@

$(VENV)/.lint: $(VENV)/.test
	$(PINNED) --group lint --group package
	@touch $@

$(VENV)/.docs: $(VENV)/.test
	$(PINNED) --group docs
	@touch $@
