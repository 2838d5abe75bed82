# Each target sets up what it needs, once: a virtual environment in .venv, the CDK CLI in node_modules, the web's tools in
# web/node_modules.

ifndef .FEATURES
$(error Chat Stack needs GNU make 3.81 or newer; this is $(MAKE_VERSION))
endif

PYTHON ?= python3
ROOM ?= lobby
NAME ?=
AUTH ?= guest
SEEDS ?= 200
SEED ?= 0
ARGS ?=

BIN := .venv/bin
PACKAGES := .venv/.installed
CLI := node_modules/.installed
WEB := web/node_modules/.installed
NPM = npm --prefix web run --silent
# cdk.json calls python3: the virtual environment's.
CDK = PATH="$(CURDIR)/$(BIN):$$PATH" node_modules/.bin/cdk

# jsii finds Node 20, which it still supports, worth a dozen lines of warning.
export JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION := 1
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run chat load web screenshots test unit infra e2e check lint format types synth deploy wheel simulate simulate-faults replay chaos bench cost lock clean

help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

setup: $(PACKAGES) $(CLI) $(WEB) ## Set up Python, the CDK CLI and the web's tools; all other targets do so by themselves
	@:

run: setup ## Run the chat on this machine, without AWS, until Ctrl-C; AUTH=cognito has users sign in
	@$(BIN)/python -m local_aws run --auth "$(AUTH)" $(ARGS)

chat: $(PACKAGES) ## Chat in the local run: make chat NAME=ada ROOM=lobby
	@$(BIN)/python -m chat_client --room "$(ROOM)" $(if $(NAME),--name "$(NAME)") $(ARGS)

load: $(PACKAGES) ## Put load on a chat, and judge what comes of it: make load ARGS="--clients 50 --duration 30"
	@$(BIN)/python -m chat_client.load $(ARGS)

web: $(WEB) ## Build the web app into web/app/dist
	@$(NPM) build

screenshots: setup ## Take the pictures in docs/images anew
	@$(BIN)/pytest tests/e2e/browser/screenshots.py

# The deployed stack has the machine for itself: people wait for it there.
test: setup ## Run all tests
	@$(NPM) test
	@$(BIN)/pytest tests/unit tests/infra tests/simulation --numprocesses auto --dist loadfile
	@$(BIN)/pytest tests/e2e

unit: $(PACKAGES) ## Run the unit tests
	@$(BIN)/pytest tests/unit $(ARGS)

infra: setup ## Run the tests of the synthesised stack
	@$(BIN)/pytest tests/infra $(ARGS)

e2e: setup ## Run the end-to-end tests, on a local AWS of their own
	@$(BIN)/pytest tests/e2e $(ARGS)

check: lint types test ## Run the linters, the type checker and all tests, as CI does

lint: $(PACKAGES) $(WEB) ## Check style, formatting and layers
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports
	@$(NPM) build
	@$(NPM) lint
	@$(NPM) size

format: $(PACKAGES) $(WEB) ## Format the code, and fix what can be fixed
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format
	@$(NPM) format

types: $(PACKAGES) ## Check the types
	@$(BIN)/mypy

synth: setup ## Synthesise the stack into cdk.out
	@$(CDK) synth --quiet $(ARGS)

deploy: setup ## Deploy to the AWS account of your credentials: make deploy ARGS="-c message_retention_days=30"
	@$(CDK) deploy --all $(ARGS)

wheel: $(PACKAGES) ## Build the wheel into dist
	@$(BIN)/python -m build --wheel

simulate: $(PACKAGES) ## Simulate rooms of up to a million, and draw the charts of docs/scaling.md
	@$(BIN)/python -m simulations.large_room $(ARGS)

simulate-faults: setup ## Run the chat in a simulated AWS among faults, and check what it promises: make simulate-faults SEEDS=10000
	@$(BIN)/python -m tests.simulation --seeds "$(SEEDS)" $(ARGS)

replay: setup ## Show one run of simulate-faults, reduced to the faults that it takes: make replay SEED=67
	@$(BIN)/python -m tests.simulation --seed "$(SEED)" $(ARGS)

chaos: setup ## Let faults strike the deployed stack, and judge what its clients saw: make chaos ARGS="--seconds 300"
	@$(BIN)/python -m chaos $(ARGS)

bench: setup ## Measure posts, cold starts, sends, appends and synthesis beside their peers, into docs/benchmarks
	@$(BIN)/python -m benchmarks $(ARGS)

cost: $(PACKAGES) ## Say what a chat costs: make cost ARGS="month --users 10000"
	@$(BIN)/python -m chat_stack.cost $(ARGS)

lock: $(PACKAGES) ## Resolve the Python packages anew, into requirements.txt
	@set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	$(BIN)/python -m venv "$$tools"; "$$tools/bin/pip" install --quiet uv; \
	"$$tools/bin/uv" pip compile --quiet --universal --upgrade --all-extras --python-version 3.11 \
		--custom-compile-command "make lock" pyproject.toml -o requirements.txt

clean: ## Remove what the other targets made
	rm -rf .venv node_modules .local cdk.out dist build *.egg-info .*_cache .hypothesis web/node_modules web/*/dist

# An error from make itself is one line; a failing command would be followed by another.
check_python = $(if $(shell $(PYTHON) -c 'import sys; print("new" * (sys.version_info >= (3, 11)))' 2>/dev/null),,\
	$(error Chat Stack needs Python 3.11 or newer; $(PYTHON) is $(python_version). Install it, or name another: make \
	PYTHON=/path/to/python3.12 $(MAKECMDGOALS)))
python_version = $(or $(shell $(PYTHON) -c 'import sys; print(sys.version.split()[0])' 2>/dev/null),missing)
check_venv = $(if $(shell $(PYTHON) -c 'import ensurepip, venv; print("there")' 2>/dev/null),,\
	$(error $(PYTHON) can't make virtual environments. On Debian and Ubuntu: sudo apt install python3-venv))
check_node = $(if $(shell node -p 'parseInt(process.versions.node) >= 20 || ""' 2>/dev/null),,\
	$(error Chat Stack needs Node.js 20 or newer for the CDK CLI; node is $(node_version). See https://nodejs.org))
node_version = $(or $(shell node --version 2>/dev/null),missing)
check_npm = $(if $(shell npm --version 2>/dev/null),,\
	$(error Chat Stack needs npm for the CDK CLI; npm is missing. It comes with Node.js: https://nodejs.org))

$(PACKAGES): requirements.txt pyproject.toml
	$(check_python)$(check_venv)@echo "Setting up the Python packages in .venv (about two minutes the first time)..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --quiet --requirement requirements.txt
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(WEB): web/package.json web/package-lock.json web/sdk/package.json web/app/package.json
	$(check_node)$(check_npm)@echo "Setting up the web's tools in web/node_modules..."
	@npm ci --prefix web --silent --no-audit --no-fund
	@touch $@

$(CLI): package.json package-lock.json
	$(check_node)$(check_npm)@echo "Setting up the CDK CLI in node_modules..."
	@npm ci --silent --no-audit --no-fund
	@touch $@
