#!/bin/bash
# Runs every fuzz target of every package for a time, two at once, as in `test/fuzz.sh 30s`, and prints a line for each:
#
#   gomod/internal/glob FuzzMatch: 81034 executions, 2 new interesting
#
# 0 executions means that the time went into the inputs that are known already. An input that fails is kept in the package's
# testdata/fuzz, where `go test` finds it again. What was found interesting is in Go's cache, as `go test -fuzz` has it.
set -euo pipefail
cd "$(dirname "$0")/.."
[[ $# -eq 1 ]] && timeout "$1" true || { echo "usage: test/fuzz.sh TIME, as in 30s, 5m or 1h" >&2; exit 1; }
binaries=$PWD/build/fuzz
cache=$(go env GOCACHE)/fuzz
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# targets prints `PACKAGE FOLDER NAME` lines of a package, whose test binary is made once for all its targets.
targets() {
    local package=$1 folder=$2 binary=$binaries/${1//\//_} names name
    go test -c -fuzz=. -o "$binary" "$package" >&2 && names=$(cd "$folder" && "$binary" -test.list '^Fuzz') || return 1
    for name in $names; do echo "$package $folder $name"; done
}

# The time ends with an interrupt, not with -test.fuzztime: at the end of that, Go's coordinator may take its own deadline for
# a failure ("context deadline exceeded"), where it is woken before its workers' context is cancelled. It did in 3 of 600 runs
# of a tenth of a second, twelve at once. An interrupt it takes for what it is; it hears it from its first line on.
#
# Go makes an input that reaches new code smaller for up to a minute, by default, and counts none of what it tries: where the code that is
# reached also depends on what ran before, as with decoders that are used again, that was nearly all of a target's time (FuzzZstd of kofile
# had 347 inputs in 40 seconds, and has 5,000 in one). A hundred tries are enough.
fuzz() {
    local package=$1 folder=$2 name=$3 output status=0 log pid
    mkdir -p "$cache/$package"
    log=$(mktemp -p "$logs")
    (cd "$folder" && exec "$binaries/${package//\//_}" -test.v -test.run '^$' -test.fuzz "^$name\$" \
        -test.fuzzcachedir "$cache/$package" -test.fuzzminimizetime 100x -test.parallel 1 >"$log" 2>&1 </dev/null) &
    pid=$!
    while ! grep -q '^fuzz: elapsed' "$log" && kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    timeout "$time" tail --pid="$pid" -f /dev/null || kill -INT "$pid" 2>/dev/null || true
    wait "$pid" || status=$?
    output=$(<"$log")
    if ((status)); then
        printf '%s %s: FAILED with status %s\n%s\n' "$package" "$name" "$status" "$output"
        return 1
    fi
    awk -v target="$package $name" '
        sub(/.*execs: /, "") { executions = $1; sub(/.*new interesting: /, ""); new = $1 }
        /^ *--- SKIP/ { skipped = 1 }
        END { print target ": " (skipped ? "skipped" : executions + 0 " executions, " new + 0 " new interesting") }' <<<"$output"
}
export -f targets fuzz
export binaries cache logs time=$1

mkdir -p "$binaries"
list=$(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{.Dir}}{{end}}' ./... |
    while read -r package folder; do if grep -qs '^func Fuzz' "$folder"/*_test.go; then echo "$package $folder"; fi; done |
    xargs -P 2 -n 2 bash -c 'targets "$@"' targets | sort)
status=0
xargs -P 2 -n 3 bash -c 'fuzz "$@"' fuzz <<<"$list" | tee "$logs/results" || status=1
awk -v targets="$(wc -l <<<"$list")" '
    / executions, / { run++; sum += $3; if ($3 == 0) { sub(/:/, "", $2); none = none " " $1 " " $2 ";" } }
    END {
        print targets " targets, " run + 0 " ran without a failure, " sum + 0 " executions"
        if (none != "") print "0 executions, all the time went into known inputs:" none
        exit run != targets
    }' "$logs/results" || status=1
exit $status
