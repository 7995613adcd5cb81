#!/bin/bash
# Runs every fuzz target of every package for a time, as in `test/fuzz.sh 30s`, and prints a line for each:
#
#   gomod/internal/glob FuzzMatch: 81034 executions, 2 new interesting
#
# 0 executions means that the time went into the inputs that are known already. An input that fails is kept in the package's
# testdata/fuzz, where `go test` finds it again.
set -euo pipefail
cd "$(dirname "$0")/.."
[[ $# -eq 1 ]] || { echo "usage: test/fuzz.sh TIME" >&2; exit 1; }

# targets prints `PACKAGE NAME` lines. go test lists a package's names before the line that ends with its `ok`.
targets() { go test -list '^Fuzz' ./... | awk '/^Fuzz/ { names[++n] = $1 } $1 == "ok" { for (i = 1; i <= n; i++) print $2, names[i]; n = 0 }'; }

fuzz() {
    local package=$1 name=$2 time=$3 output
    output=$(go test -v -run '^$' -fuzz "^$name\$" -fuzztime "$time" "$package" 2>&1) || { printf '%s %s: FAILED\n%s\n' "$package" "$name" "$output"; return 1; }
    awk -v target="$package $name" '
        sub(/.*execs: /, "") { executions = $1; sub(/.*new interesting: /, ""); new = $1 }
        /^ *--- SKIP/ { skipped = 1 }
        END { print target ": " (skipped ? "skipped" : executions + 0 " executions, " new + 0 " new interesting") }' <<<"$output"
}

list=$(targets)
status=0
while read -r package name; do fuzz "$package" "$name" "$1" || status=1; done <<<"$list"
exit $status
