# What one does with a fresh clone. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

PORT ?= 8000
PYTHON := .venv/bin/python
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
# make run DATABASE=postgres: a PostgreSQL of its own in var/postgres, as long as the site is up.
ifeq ($(DATABASE),postgres)
RUN_NEEDS := .venv/requirements-dev.installed
WITH_DATABASE := $(PYTHON) -m config.postgres var/postgres
else
RUN_NEEDS := .venv/requirements.installed
WITH_DATABASE :=
endif

# What tests and checks need: the usual, and what only goes in without its own word on versions (requirements-s3.in).
DEV_NEEDS := .venv/requirements-dev.installed .venv/requirements-s3-dev.installed

.PHONY: help run test lint bench bench-load soak hosts fuzz audit pictures requirements

help:  ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: $(RUN_NEEDS) .env $(CATALOGUES)  ## the site with demo data on http://127.0.0.1:8000 (PORT=, DATABASE=postgres, CONTACTS=)
	@exec $(WITH_DATABASE) config/tools/serve $(PORT) $(or $(CONTACTS),2000)

test: $(DEV_NEEDS) $(CATALOGUES)  ## all tests, on SQLite and on PostgreSQL
	@exec config/tools/test

lint: $(DEV_NEEDS)  ## style, types, templates, migrations, deployment settings
	@unset DATABASE_URL
	export ENV_FILE= VAR_DIR=var/check DEBUG=true  # not a developer's own configuration
	export SECRET_KEY=$$($(PYTHON) -c "import secrets; print(secrets.token_urlsafe(60))")
	set -x
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djlint --lint --quiet templates
	.venv/bin/mypy .
	$(PYTHON) manage.py makemigrations --check --dry-run
	DEBUG=false ALLOWED_HOSTS=segmentti.example $(PYTHON) manage.py check --deploy --fail-level WARNING

bench: .venv/requirements-dev.installed .env  ## measures operations on both databases, and letters (CONTACTS=, ENGINE=, LETTERS=, RUNS=, PART=)
	@PART=$(PART) exec config/tools/bench $(or $(CONTACTS),2000) $(or $(ENGINE),100000) $(or $(LETTERS),10000)

hosts: .venv/requirements-dev.installed $(CATALOGUES)  ## web, worker, database and mail on hosts of their own, a link cut in mid-delivery; as root (MAILS=, CUT=)
	@exec config/tools/hosts $(or $(MAILS),1000) $(or $(CUT),60)

bench-load: .venv/requirements-dev.installed $(CATALOGUES)  ## marketers at work on PostgreSQL, fewer on SQLite (CONTACTS=, USERS=, SECONDS=, THINK=, DATABASES=, KEEP=)
	@exec config/tools/load bench $(or $(CONTACTS),1000000) $(or $(USERS),50) $(or $(SECONDS),120)

soak: .venv/requirements-dev.installed $(CATALOGUES)  ## people who all want the same, while processes are killed (SECONDS=, USERS=, CONTACTS=, DATABASES=)
	@exec config/tools/load soak $(or $(SECONDS),600) $(or $(USERS),10) $(or $(CONTACTS),6000)

fuzz: .venv/requirements-dev.installed $(CATALOGUES)  ## rubbish for the parsers and the pages (INPUTS=, REQUESTS=, FIRST=)
	@exec nice $(PYTHON) -m config.fuzz $(or $(INPUTS),1000000) $(or $(REQUESTS),20000) $(or $(FIRST),0)

pictures: .venv/requirements-dev.installed $(CATALOGUES)  ## screenshots of every page in var/pictures
	@exec config/tools/pictures

audit: .venv/requirements-dev.installed  ## known vulnerabilities of what we run on, where an advisory database can be reached (AUDIT=required)
	@exec config/tools/audit

requirements:  ## pins requirements.txt and requirements-dev.txt with their hashes; UPGRADE=--upgrade takes newer ones
	python3 -m venv var/pin
	var/pin/bin/pip install --quiet pip-tools
	for name in requirements requirements-dev; do
		var/pin/bin/pip-compile --quiet $(UPGRADE) --generate-hashes --allow-unsafe --strip-extras --no-header \
			--annotation-style=line --no-emit-index-url --no-emit-find-links --output-file=$$name.txt $$name.in
	done
	sed -nE 's/^([a-z0-9-]+==[^ ]+).*/\1/p' requirements.txt requirements-dev.txt \
		| grep -v '^python-dateutil=' | sort -u > var/pin/constraints.txt
	for name in requirements-s3 requirements-s3-dev; do
		var/pin/bin/pip-compile --quiet $(UPGRADE) --generate-hashes --strip-extras --no-header --annotation-style=line \
			--no-emit-index-url --no-emit-find-links --constraint=var/pin/constraints.txt \
			--unsafe-package=python-dateutil --unsafe-package=six --output-file=$$name.txt $$name.in
	done

.env:
	@(umask 077; printf 'DEBUG=true\nSECRET_KEY=%s\n' "$$(python3 -c 'import secrets; print(secrets.token_urlsafe(40))')" > .env)
	echo "Wrote .env with a secret key of its own."

.venv/bin/pip:
	@if ! python3 -c 'import ensurepip' 2> /dev/null; then
		if [ "$$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
			echo "Python cannot make virtual environments here. Install it: sudo apt-get install python3-venv" >&2
			exit 1
		fi
		apt-get -q update && apt-get -q install -y python3-venv
	fi
	python3 -m venv .venv

.venv/%.installed: %.txt | .venv/bin/pip
	@echo "Installing $< ..."
	.venv/bin/pip install --quiet --disable-pip-version-check $(NO_DEPS) --require-hashes -r $<
	touch $@
.venv/requirements-dev.installed: requirements.txt
.venv/requirements-s3-dev.installed: private NO_DEPS := --no-deps
.venv/requirements-s3-dev.installed: requirements-s3.txt .venv/requirements-dev.installed

# Without gettext's own programs: a newcomer may lack them.
%.mo: %.po | .venv/requirements.installed
	@.venv/bin/pybabel --quiet compile -i $< -o $@
