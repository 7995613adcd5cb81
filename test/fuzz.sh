#!/bin/bash
# Runs every fuzz target of every package for a time, two at once, as in `test/fuzz.sh 30s`, and prints a line for each:
#
#   gomod/internal/glob FuzzMatch: 81034 executions, 2 new interesting
#
# 0 executions means that the time went into the inputs that are known already. An input that fails is kept in the package's
# testdata/fuzz, where `go test` finds it again. What was found interesting is in Go's cache, as `go test -fuzz` has it.
set -euo pipefail
cd "$(dirname "$0")/.."
[[ $# -eq 1 ]] || { echo "usage: test/fuzz.sh TIME" >&2; exit 1; }
binaries=$PWD/build/fuzz
cache=$(go env GOCACHE)/fuzz
results=$(mktemp)
trap 'rm -f "$results"' EXIT

# targets prints `PACKAGE FOLDER NAME` lines. A package's test binary is made once for all its targets.
targets() {
    local package folder
    while read -r package folder; do
        go test -c -fuzz=. -o "$binaries/${package//\//_}" "$package" >&2
        (cd "$folder" && "$binaries/${package//\//_}" -test.list '^Fuzz') | sed "s#^#$package $folder #"
    done
}

fuzz() {
    local package=$1 folder=$2 name=$3 output status=0
    mkdir -p "$cache/$package"
    output=$(cd "$folder" && "$binaries/${package//\//_}" -test.v -test.run '^$' -test.fuzz "^$name\$" -test.fuzztime "$time" \
        -test.fuzzcachedir "$cache/$package" -test.parallel 1 2>&1 </dev/null) || status=1
    if ((status)); then
        printf '%s %s: FAILED\n%s\n' "$package" "$name" "$output"
        return 1
    fi
    awk -v target="$package $name" '
        sub(/.*execs: /, "") { executions = $1; sub(/.*new interesting: /, ""); new = $1 }
        /^ *--- SKIP/ { skipped = 1 }
        END { print target ": " (skipped ? "skipped" : executions + 0 " executions, " new + 0 " new interesting") }' <<<"$output"
}
export -f fuzz
export binaries cache time=$1

mkdir -p "$binaries"
list=$(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{.Dir}}{{end}}' ./... |
    while read -r package folder; do if grep -qs '^func Fuzz' "$folder"/*_test.go; then echo "$package $folder"; fi; done | targets)
status=0
xargs -P 2 -n 3 bash -c 'fuzz "$@"' fuzz <<<"$list" | tee "$results" || status=1
awk -v targets="$(wc -l <<<"$list")" '
    / executions, / { run++; sum += $3; if ($3 == 0) { sub(/:/, "", $2); none = none " " $1 " " $2 ";" } }
    END {
        print targets " targets, " run + 0 " ran without a failure, " sum + 0 " executions"
        if (none != "") print "0 executions, all the time went into known inputs:" none
        exit run != targets
    }' "$results" || status=1
exit $status
