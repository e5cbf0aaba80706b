# The front door. `make help` lists what there is.
#
# Any python3.11 will do: make demo PYTHON=/path/to/python3.11
# Extra flags for pip, such as an index of your own: make demo PIP_FLAGS="..."

PYTHON ?= python3.11
PIP_FLAGS ?=
VENV := .venv
BIN := $(VENV)/bin
PINS := pyproject.toml constraints.txt
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt $(PIP_FLAGS)

.DEFAULT_GOAL := help
.PHONY: help demo studio test test-pages check format docs bench paper web blender clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.runtime ## relight the bundled samples; ends with the path of a contact sheet
	@$(BIN)/lasagna demo -o demo_out

studio: $(VENV)/.web ## open the page where light is set by hand
	@$(BIN)/lasagna studio

test: $(VENV)/.test ## run the tests
	$(BIN)/python -m pytest $(ARGS)

test-pages: $(VENV)/.test ## test the study's and the studio's pages in a real Chromium
	$(BIN)/python -m pytest --pages -m browser $(ARGS)

check: $(VENV)/.dev ## lint, format, types, direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/python web/sources_hash.py

format: $(VENV)/.dev ## format the code and sort imports
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(VENV)/.docs ## build the documentation into site/
	$(BIN)/python -m mkdocs build --strict

bench: $(VENV)/.test ## read phrases, time photos; PHOTOMETRIC=DIR measures quality too
	$(BIN)/python benchmarks/words.py
	$(BIN)/python benchmarks/photo_speed.py
	$(if $(PHOTOMETRIC),$(BIN)/python benchmarks/quality.py --photometric $(PHOTOMETRIC))

# RELIT is a folder of shards, or several; the test split is used. Faster or more thorough:
# make paper PAPER="organic:4x1" JOBS=1 PAPER_FLAGS="--also faithful@angles"
PAPER ?= $(PHOTOMETRIC) organic:8x1 $(foreach shards,$(RELIT),$(shards):16x1) $(if $(ART),$(ART):8x1)
JOBS ?= 2
paper: $(VENV)/.runtime ## all methods on all cases into docs/results.md; PHOTOMETRIC=, RELIT=, ART=, LPIPS=
	OMP_NUM_THREADS=1 $(BIN)/lasagna evaluate run $(PAPER) -o paper_out --resume --jobs $(JOBS) \
		$(if $(LPIPS),--lpips $(LPIPS)) $(PAPER_FLAGS) --page docs/results.md

web: ## build the studio's page into the package; needs Node 20.19 or newer
	cd web && npm ci && npm run build

blender: $(VENV)-blender/.installed ## Blender for rendering ReLiT, in an environment of its own

clean: ## remove what the other targets made
	rm -rf $(VENV) $(VENV)-blender site dist build demo_out paper_out .pytest_cache .ruff_cache \
		.import_linter_cache .hypothesis

# One stamp for each set of dependencies; a change to the pins makes them old.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' 2>/dev/null || { \
		echo "lasagna needs Python 3.11, and '$(PYTHON)' does not run:" \
			"install python3.11 (Debian, Ubuntu: python3.11 and python3.11-venv;" \
			"macOS: brew install python@3.11)," \
			"or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make environments: install python3.11-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(PINS) | $(BIN)/python
	@echo "Installing the pinned dependencies into $(VENV) (PyTorch is large: some minutes)"
	$(PIP) hatchling editables
	$(PIP) --no-build-isolation -e .
	@touch $@

$(VENV)/.web: $(VENV)/.runtime
	@echo "Installing what the studio needs into $(VENV)"
	$(PIP) --no-build-isolation -e '.[web]'
	@touch $@

$(VENV)/.test: $(VENV)/.runtime
	@echo "Installing what the tests need into $(VENV)"
	$(PIP) --no-build-isolation -e '.[test]'
	@touch $@

$(VENV)/.dev: $(VENV)/.test
	@echo "Installing the linters into $(VENV)"
	$(PIP) --no-build-isolation -e '.[dev]'
	@touch $@

$(VENV)/.docs: $(VENV)/.runtime
	@echo "Installing what the documentation needs into $(VENV)"
	$(PIP) --no-build-isolation -e '.[docs]'
	@touch $@

$(VENV)-blender/.installed: constraints-blender.txt
	@echo "Installing Blender into $(VENV)-blender (some minutes)"
	$(PYTHON) -m venv $(VENV)-blender
	$(VENV)-blender/bin/python -m pip install --disable-pip-version-check --quiet \
		-c constraints-blender.txt $(PIP_FLAGS) bpy OpenEXR pyoidn
	@touch $@
