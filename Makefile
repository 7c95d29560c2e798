# The two commands of the README are `make run` and `make test`; both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CLIP := tests/data/clip

.PHONY: help setup run test fuzz check format bench train constraints wheel clean

help: ## List what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(STAMP) ## Create .venv with everything in it

$(STAMP): pyproject.toml constraints.txt
	@echo "Setting up $(VENV) (once; about 1.1 GB, the speech model included) ..."
	@$(PYTHON) -c 'import sys; sys.exit("subtools needs Python 3.11 or newer, this is %d.%d: make PYTHON=python3.11" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip --constraint constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' --constraint constraints.txt
	@touch $@
	@echo "Ready: $(BIN)/subtools"

run: setup ## Subtitle the bundled panel clip into out/
	@$(BIN)/subtools caption $(CLIP)/clip.doc.txt --audio $(CLIP)/clip.opus --output-dir out --force
	@echo; echo "The first cues of out/clip.srt:"; echo; head -n 19 out/clip.srt

test: setup ## Run the test-suite
	$(BIN)/python -m pytest $(PYTEST_ARGS)

fuzz: setup ## Try the properties with many new examples (PYTEST_ARGS="tests/test_cues.py" for some)
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -q -m hypothesis $(PYTEST_ARGS)

check: setup ## Lint, format and type checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## Measure aligners side by side: make bench FOLDERS="..." BENCH_ARGS="--mismatch --growth"
	$(BIN)/python -m scripts.bench $(FOLDERS) $(BENCH_ARGS) --output docs/benchmarks.md

train: setup ## Train the phone classifier anew, from synthetic speech (hours, 4 GB)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,training]'
	$(BIN)/python -m scripts.training $(TRAIN_ARGS)

wheel: setup ## Build the wheel and try it outside the checkout
	$(BIN)/python scripts/check_wheel.py

constraints: ## Write constraints.txt anew from the newest versions
	$(PYTHON) scripts/update_constraints.py

clean: ## Remove what was built (the model cache stays)
	rm -rf $(VENV) out dist build
