#!/bin/sh
# A new virtual environment with the first Python of 3.11 or newer that can make one.
#   tests/new_environment.sh .venv
set -eu
seen=''
for python in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    seen=${seen:-$version}
    "$python" -c 'import ensurepip, venv' 2>/dev/null || continue
    echo "Making $1 with Python $version ..."
    exec "$python" -m venv --clear "$1"
done
if [ -n "$seen" ]; then
    echo "Python $seen is here, but cannot make a virtual environment. Install it, on Debian and Ubuntu: apt-get install python3-venv (or python$seen-venv)." >&2
else
    echo "Schemebook needs Python 3.11 or newer. Install it, on Debian and Ubuntu: apt-get install python3 python3-venv." >&2
fi
exit 1
