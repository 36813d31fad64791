#!/bin/sh
# The main job, from YAML to report, on the schemes of this checkout, into a folder of its own:
#   tests/demo/run.sh .venv/bin build/demo
# The returns are made from the answers in tests/demo/<scheme>/<form>-<n>.json.
set -eu
bin=$1
case $2 in /*) out=$2 ;; *) out=$PWD/$2 ;; esac
export NO_MKDOCS_2_WARNING=1
schemebook="$bin/schemebook"
answers=tests/demo
database="sqlite:///$out/schemebook.db"

step() { printf '\n== %s\n' "$1"; }

rm -rf "$out"
mkdir -p "$out/returns"

step "Checking the project"
"$schemebook" check

step "Building the handbook and its forms"
"$schemebook" build --site "$out/site"

step "Filling in example returns"
"$bin/python" "$answers/fill_examples.py" "$out/returns"
schemes=$(cd "$answers" && ls -d */ | tr -d / | grep -v __pycache__)

step "Taking them in"
"$schemebook" ingest "$out/returns" --database "$database"

step "Writing the reports"
for scheme in $schemes; do
    "$schemebook" report "$scheme" --database "$database" --output "$out/report/$scheme"
done

step "Where to look"
echo "  handbook   $out/site/index.html"
for scheme in $schemes; do
    echo "  forms      $out/site/$scheme/forms/"
    echo "  report     $out/report/$scheme/index.html"
done
echo "  records    $schemebook records --database $database"
