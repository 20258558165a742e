#!/bin/sh
# validate_formats.sh DEADBOX PYTHON SOURCE: the demo's report in every format, validated (validate_formats.py says by what).
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" demo -o "$work/demo" --quiet
"$1" report "$work/demo/web1.deadbox" -o "$work/report" --quiet --tlp amber \
    --format html,json,csv,bodyfile,timesketch,dfxml,case,stix,misp,navigator,hashlist
"$2" "$3/tests/end_to_end/validate_formats.py" "$work/report" "${DEADBOX_SCHEMAS:-/nonexistent}" "$3/resources/schema"
