# nabaa — `make run` tries it, `make test` checks it. Needs Python 3.11 or newer; nothing else.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
COMPILE := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header
DATA ?= ../shared/data
FARM_ARTICLES ?=
FARM_FEEDS ?= 60
FUZZ_SECONDS ?= 60

.PHONY: help demo setup setup-dev setup-accurate setup-neural run test faults fuzz check farm train names story-terms map screenshots docs site lock clean

help:            ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

setup: .venv/.lean  ## .venv with the nabaa command, from the lean lock
.venv/.lean: requirements.lock requirements-build.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) -r requirements.lock -r requirements-build.lock
	$(PIP) --no-build-isolation -e .
	@touch $@

setup-dev: .venv/.dev  ## what the tests and the checks need besides
.venv/.dev: .venv/.lean requirements-dev.lock
	$(PIP) -r requirements-dev.lock
	@touch $@

setup-neural: .venv/.neural  ## what camel-tools' BERT recogniser needs besides (torch: CPU build)
.venv/.neural: .venv/.lean requirements-neural.lock
	$(PIP) -r requirements-neural.lock
	@touch $@

setup-accurate: .venv/.accurate  ## what the accurate recogniser needs besides
.venv/.accurate: .venv/.lean requirements-accurate.lock
	$(PIP) -r requirements-accurate.lock
	@touch $@

run: setup       ## the whole wire on this machine; Ctrl-C stops it
	@$(BIN)/nabaa run

demo: setup      ## the whole wire on made-up news, shown in a browser; no internet; Ctrl-C stops it
	@$(BIN)/nabaa demo

test: setup-dev  ## every test but those under load; `make setup-neural` first adds those of BERT
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not load"

faults: setup-dev ## the wire under load while processes, servers, clocks and networks fail (5 minutes)
	$(BIN)/python -m pytest -n 2 -m load

fuzz: setup-dev  ## look for inputs that break it or cost too much, for FUZZ_SECONDS each (default 60; Linux only)
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)
	$(BIN)/python -m tests.fuzz.growth --seconds $(FUZZ_SECONDS)

check: setup-dev ## ruff, the order of the folders, mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

farm: setup      ## a loopback web of feeds to watch the wire without the internet
	@$(BIN)/python -m tests.support.farm --feeds $(FARM_FEEDS) $(if $(FARM_ARTICLES),--articles $(FARM_ARTICLES))

train: setup-dev ## train crf, then the encoder of accurate, from DATA (default ../shared/data); needs PyTorch
	$(BIN)/python -m training.recogniser.default.train --data $(DATA)
	$(BIN)/python -m training.recogniser.encoder.make --data $(DATA)

names: setup-dev ## compile the catalogue of names and the counts of name words from DATA
	$(BIN)/python -m training.names.compile --data $(DATA)
	$(BIN)/python -m training.names.count_names --data $(DATA)

story-terms: setup-dev ## count the terms by which stories are found from DATA
	$(BIN)/python -m training.stories.count_terms --data $(DATA)

site: setup-dev  ## the documents as a web site in docs/_build; a link that leads nowhere is an error
	$(BIN)/sphinx-build -q -n -W --keep-going docs docs/_build
	$(BIN)/python -m docs.check_links docs/_build

map: setup       ## make the outlines of the desk's map from FOLDER (npm: world-atlas, i18n-iso-countries)
	$(BIN)/python -m training.world_map $(FOLDER)

screenshots: setup-dev  ## take the pictures of the desk in docs/desk again (needs chromium and chromedriver)
	$(BIN)/python -m docs.screenshots

docs: setup-dev  ## write the generated parts of the documents again
	$(BIN)/python -m docs.generate

lock: setup      ## compile the six locks again (needs uv)
	$(COMPILE) pyproject.toml -o requirements.lock
	printf '%s\n' hatchling==1.33.0 editables | $(COMPILE) --no-annotate -c requirements.lock - -o requirements-build.lock
	$(COMPILE) --extra accurate -c requirements.lock pyproject.toml -o requirements-accurate.lock
	$(COMPILE) --extra postgres -c requirements.lock pyproject.toml -o requirements-postgres.lock
	$(COMPILE) --extra dev --extra docs --extra accurate --extra parquet --extra postgres --extra warc --extra train -c requirements.lock -c requirements-build.lock pyproject.toml -o requirements-dev.lock
	$(COMPILE) --extra neural -c requirements.lock -c constraints-neural.txt pyproject.toml -o requirements-neural.lock
	# Of torch the CPU builds alone: the usual Linux build does not start without GPU libraries.
	sed -i -e '/^torch==/,/[^\\]$$/{/^torch==/r torch-cpu.hashes' -e 'd}' requirements-neural.lock

clean:           ## remove .venv and the data folder
	rm -rf .venv data
