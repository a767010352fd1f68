# Two commands set everything up on a fresh machine: `make demo` and `make test`.
# They need Python >= 3.11 with venv, pip and make; `make test` a C++ compiler too. The rest they install into .venv.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: demo test lint types bench eval evidence train pytest editors pictures opt lock fresh fuzz fuzz-replay kills soak clean help

help:
	@echo "make demo   install irlens into .venv, lift, tune and predict the examples"
	@echo "make test   install what tests need, lint, run every test"
	@echo "make fresh  both, from a fresh clone in an empty Debian (as root; 3 GB in .cache/fresh, about half an hour)"
	@echo "make lint   ruff (lint and format) and mypy"
	@echo "make bench  print the figures of docs/figures.md"
	@echo "make eval   measure the embedded model on examples/eval; writes the result that tests compare"
	@echo "make evidence  lift 300 functions with every kind of signature, run natively what is told to agree; rebuild programs (hours)"
	@echo "make train  train the embedded model: Debian's sources, hours; see docs/training.md"
	@echo "make pictures  take the pictures of docs/editors/vscode.md anew, from VS Code itself"
	@echo "make fuzz   look for inputs that hurt irlens: FUZZ_MINUTES=60 FUZZ_TARGET=protocol; see docs/fuzzing.md"
	@echo "make kills  a thousand signals to child processes at work"
	@echo "make soak   ordinary work for SOAK_MINUTES=60, with nothing that grows"
	@echo "make lock   write the lock files anew from pyproject.toml"

# --- installing --------------------------------------------------------------------------------

$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "irlens needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps -e .
	@# Where nobody may write bytecode (PYTHONDONTWRITEBYTECODE), every start of a worker would compile its sources anew.
	@$(BIN)/python -m compileall -q server/irlens
	@touch $@

# llama-cpp-python comes as source only: a C++ compiler and about three minutes on two cores. The part for pictures is left out.
$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	CMAKE_ARGS="-DLLAVA_BUILD=OFF $(CMAKE_ARGS)" $(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# PyTorch, which comes from PyPI as several GB: for training, and in CI. Without it the tests of training are skipped.
$(VENV)/installed-training: $(VENV)/installed-dev requirements-training.txt
	$(PIP) install -r requirements-training.txt
	@touch $@

# An opt of LLVM 16 to 22, Neovim and what the VS Code test needs come from Debian where that is possible.
editors: $(VENV)/installed-dev
	PYTHON=$(BIN)/python bash tests/editors/install.sh

opt:
	bash tests/install-opt.sh

# --- using -------------------------------------------------------------------------------------

demo: $(VENV)/installed
	@$(BIN)/python examples/demo.py

bench: $(VENV)/installed-dev
	@$(BIN)/python -m irlens.evals.bench
	@-$(BIN)/python -m irlens.evals.bench_big
	@-$(BIN)/python -m irlens.evals.tune_speed
	@$(BIN)/python tests/editors/bench_vscode.py

eval: $(VENV)/installed
	@$(BIN)/irlens eval lift examples/eval --engine ctransformers --candidates 1 --output examples/eval/results
	@$(BIN)/irlens eval predict examples/eval --engine ctransformers --output examples/eval/results
	@$(BIN)/irlens eval lists examples/eval --engine ctransformers --output examples/eval/results

# What is told to be right: beside native runs, and in programs that are rebuilt from it. Goes on where it was stopped;
# EVIDENCE="-n 300 --seed 5" takes a sample of the first, TRANSPLANT="bzip2 -n 30" of the second.
evidence: $(VENV)/installed
	@$(BIN)/irlens eval native examples/eval/native/signatures.c --output work/evidence $(EVIDENCE)
	@$(BIN)/irlens eval transplant --output work/transplant $(TRANSPLANT)

train: $(VENV)/installed-training
	@$(BIN)/python -m irlens.training $(TRAIN)

lint: $(VENV)/installed-dev
	$(BIN)/ruff check server tests examples clients
	$(BIN)/ruff format --check server tests examples clients
	$(BIN)/mypy

pytest: $(VENV)/installed-dev
	@bash tests/run.sh $(BIN)/python --timeout=180

test: lint opt editors $(if $(filter true,$(CI)),$(VENV)/installed-training) pytest

# Both commands as a stranger runs them: a fresh clone of HEAD in a Debian that has Python, pip, make and g++ only.
fresh:
	@bash tests/fresh.sh

# Inputs that hurt irlens; what is found is kept in tests/fuzz/seeds, and every later `make test` tries it again.
FUZZ_MINUTES ?= 10
FUZZ_TARGET  ?= all
SOAK_MINUTES ?= 60
KILLS        ?= 1000
FUZZ         := PYTHONPATH=$(CURDIR)/server:$(CURDIR)/tests $(BIN)/python -m

fuzz: $(VENV)/installed-dev opt
	@$(FUZZ) fuzz --target $(FUZZ_TARGET) --seconds $$(($(FUZZ_MINUTES) * 60)) --shrink 60 $(FUZZ_ARGS)

fuzz-replay: $(VENV)/installed-dev
	@$(FUZZ) fuzz --target $(FUZZ_TARGET) --replay

kills: $(VENV)/installed-dev opt
	@$(FUZZ) fuzz.kills --kills $(KILLS) $(FUZZ_ARGS)

soak: $(VENV)/installed-dev opt
	@$(FUZZ) fuzz.soak --minutes $(SOAK_MINUTES) $(FUZZ_ARGS)

# The pictures of the manual are those that the test through VS Code's page takes. Look at them before committing.
PICTURES := 1-walkthrough 2-missing 3-installing 4-lenses 5-lift 6-linked 7-contrast 8-why 9-passes 10-predicted 11-steps 12-two-steps 13-optimize 14-menu 15-sizes 16-models 17-licence

pictures: editors
	$(BIN)/python -m pytest tests/editors/test_vscode_ui.py
	rm -rf docs/editors/vscode && mkdir -p docs/editors/vscode
	cd .cache/editors/pictures && cp $(PICTURES:=.png) $(CURDIR)/docs/editors/vscode/

lock:
	$(PYTHON) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate -q -o requirements.lock
	$(PYTHON) -m uv pip compile pyproject.toml --extra dev -c requirements.lock --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-dev.lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
