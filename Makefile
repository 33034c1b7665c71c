.PHONY: setup demo test check bench lock

PYTHON = .venv/bin/python
SEARCH ?= embedded
OURS = $(wildcard wire environment intake kb_index actions channels desk sandbox benchmarks deploy)

setup: ## environments, model, database, static files: does only what has changed
	@deploy/setup.sh

demo: setup ## everything on this machine, until Ctrl-C; SEARCH=elasticsearch with a real one
	@exec $(PYTHON) -m deploy.demo --search $(SEARCH) --stop-with-parent

test: setup ## all tests; journeys in a browser run by themselves, after the others
	@$(PYTHON) -m pytest -rs --ignore=tests/journeys
	@if [ -d tests/journeys ]; then $(PYTHON) -m pytest -rs tests/journeys; fi

check: setup ## style, types, import rules, Django's checks, migrations, Rasa's data
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@.venv/bin/mypy $(OURS)
	@.venv/bin/lint-imports pyproject.toml
	@$(PYTHON) -m deploy.inside desk.manage check
	@$(PYTHON) -m deploy.inside desk.manage makemigrations --check --dry-run
	@if [ -x bot/.venv/bin/rasa ]; then deploy/check_bot.sh; fi

bench: setup ## the benchmarks and races, as tables; SCALE=1 instead: the search up to a million entries
	@$(PYTHON) -m $(if $(SCALE),benchmarks.scale,benchmarks $(if $(STOCK),--stock))
	@$(if $(SCALE),,$(PYTHON) -m benchmarks.racing --both)

lock: ## write both locks again after a change of a pyproject.toml
	@.tools/bin/uv pip compile --quiet --python .venv/bin/python --universal --generate-hashes \
		--no-header --group pyproject.toml:dev pyproject.toml -o requirements.lock
	@cd bot && ../.tools/bin/uv pip compile --quiet --python-version 3.10 --universal \
		--generate-hashes --no-header pyproject.toml -o requirements.lock
