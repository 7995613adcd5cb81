#!/bin/bash
# Prints which part of the statements of each package of internal/ the tests run, those of the tools' command lines in testdata/script
# included, and of all of them together. Fails below what is promised in docs/testing.md. Statements are counted once, whichever package's
# tests run them. What stands for the kernel in tests, and what makes test data, does not count.
set -euo pipefail
cd "$(dirname "$0")/.."
promised=85
profile=$PWD/build/cover.out
mkdir -p build

packages=$(go list ./internal/... | grep -vE '/(kerneltest|indextest|xztest)$' | paste -sd,)
rm -f "$profile"
status=0
said=$(go test -count=1 -timeout 30m -coverpkg="$packages" -coverprofile="$profile" ./cmd/... ./internal/...) || status=1
((status == 0)) || { printf '%s\n' "$said"; exit 1; }
awk -v promised="$promised" '
    NR > 1 {
        split($1, place, ":"); sub(/\/[^\/]*$/, "", place[1])
        if (!($1 in statements)) { statements[$1] = $2; package[$1] = place[1] }
        if ($3 > 0) ran[$1] = 1
    }
    END {
        for (block in statements) {
            all[package[block]] += statements[block]; sum += statements[block]
            if (block in ran) { covered[package[block]] += statements[block]; sumCovered += statements[block] }
        }
        for (p in all) printf "%5.1f %%  %5d of %5d  %s\n", 100 * covered[p] / all[p], covered[p], all[p], p | "sort -k6"
        close("sort -k6")
        printf "%5.1f %%  %5d of %5d  in total\n", 100 * sumCovered / sum, sumCovered, sum
        if (100 * sumCovered < promised * sum) { printf "less than the %d %% that are promised\n", promised; exit 1 }
    }' "$profile"
