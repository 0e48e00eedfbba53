#!/usr/bin/env bash
# Lints and tests the training code with Python 3.10 or later; nothing of the library needs it. Without
# Python, or where its packages cannot be had, that is said and nothing fails. What needs PyTorch is
# tested where the Python that is found has it, and reported as skipped elsewhere.
set -euo pipefail
cd "$(dirname "$0")"

skip() {
  echo "training: SKIPPED, $1" >&2
  exit 0
}

python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || skip "no Python 3.10 or later"
if ! "$python" -c 'import numpy, pytest, ruff' 2>/dev/null; then
  "$python" -m venv --system-site-packages .venv >/dev/null 2>&1 || skip "Python cannot make a virtual environment"
  python=.venv/bin/python
  "$python" -m pip install --quiet --disable-pip-version-check -r requirements-check.txt ||
    skip "the packages of training/requirements-check.txt could not be installed"
fi
export PYTHONDONTWRITEBYTECODE=1
"$python" -m ruff format --no-cache --check .
"$python" -m ruff check --no-cache .
"$python" -m pytest --quiet -p no:cacheprovider
