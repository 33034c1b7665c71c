.PHONY: setup test check lock

PYTHON = .venv/bin/python

setup: ## environments, models, database: does only what has changed
	@deploy/setup.sh

test: setup ## all tests
	@$(PYTHON) -m pytest

check: setup ## style, types, import rules
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@.venv/bin/mypy wire actions
	@.venv/bin/lint-imports pyproject.toml

lock: ## write the lock again after a change of pyproject.toml
	@.tools/bin/uv pip compile --quiet --python .venv/bin/python --universal --generate-hashes \
		--no-header --group pyproject.toml:dev pyproject.toml -o requirements.lock
