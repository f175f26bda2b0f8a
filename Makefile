# Two commands do everything on a fresh machine: `make demo` and `make test`.
#
# TORCH_INDEX: on Linux, PyPI's torch brings several GB of CUDA. Set this to PyTorch's public index
# of CPU builds and they are never asked for: make demo TORCH_INDEX=<that address>

PYTHON ?= python3
TORCH_INDEX ?=
VENV := .venv
BIN := $(VENV)/bin
TORCH := $(shell sed -n 's/^\(torch==.*\)/\1/p' constraints.txt)

.PHONY: demo test check bench format words setup dev apt clean

demo: setup  ## the main job on the built-in story, then the pages; Ctrl-C ends it
	$(BIN)/listener demo demo

test: dev  ## all the tests
	$(BIN)/pytest -n auto --dist loadfile

check: dev  ## format, lint, types, and the contracts of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: dev  ## the figures, side by side with what a user would write instead
	$(BIN)/python -m bench

format: dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup: $(VENV)/.ready
dev: $(VENV)/.ready-dev

$(VENV)/.torch: constraints.txt
	@echo "Setting up. It takes from one minute to several, and is silent meanwhile."
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python deploy/get_torch.py "$(TORCH)" "$(TORCH_INDEX)"
	touch $@

$(VENV)/.ready: $(VENV)/.torch pyproject.toml
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.ready-dev: $(VENV)/.torch pyproject.toml
	sh deploy/get_browser.sh
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,train]'
	touch $@ $(VENV)/.ready

words: dev  ## gather what the pages say into the files of each language
	mkdir -p build
	$(BIN)/pybabel -q extract -F pyproject.toml -k later -k meant:1c,2 -k Wording -k Homonym:1c,2 -k Plural:1,2 -k in_words:2 -k so_many:2,3 --no-location --omit-header -o build/pages.pot listener
	for one in hu zh_Hans zh_Hant; do \
	  $(BIN)/pybabel -q update -i build/pages.pot -o listener/web/words/$$(echo $$one | tr _ -).po -l $$one \
	    --init-missing --no-fuzzy-matching --omit-header; done

clean:
	rm -rf $(VENV) demo dist build
