# Two commands matter: `make demo` and `make test`. Everything they need is set up by them.
PYTHON ?= python3
RUN := .venv/bin/python
ONCE ?=

.PHONY: demo test lint bench docs dist proof setup setup-test clean

demo: setup
	.venv/bin/jialiang demo $(if $(ONCE),--once) --out build/demo

test: setup-test
	$(RUN) tools/run_tests.py

lint: setup-test
	.venv/bin/ruff check .
	JIALIANG_DEMO=1 .venv/bin/mypy
	.venv/bin/lint-imports

bench: setup-test
	$(RUN) -m benchmarks.verify_by_number
	$(RUN) -m benchmarks.uncertainty
	$(RUN) -m benchmarks.native_resolution
	$(RUN) -m benchmarks.certificates
	$(RUN) -m benchmarks.resolution
	$(RUN) -m benchmarks.uncertainty_peers

docs: setup
	$(RUN) tools/reference_pages.py

dist: setup-test
	rm -rf dist
	$(RUN) -m build --wheel

# make proof NAME=kill_issuing
proof: setup-test
	$(RUN) -m tests.proofs.$(NAME)

setup:
	$(PYTHON) tools/setup.py demo

setup-test:
	$(PYTHON) tools/setup.py test

clean:
	rm -rf .venv node_modules build dist var
