#!/bin/bash
# Makes build/trimmed/go.mod, by which `make build` leaves out of klauspost/compress what gomod never calls but every start would pay
# for: package zstd converts snappy, too, and makes a table for that before main runs, which takes a twentieth of the time of a whole
# `modprobe`. A plain `go build` gives the same program with the slower start.
set -euo pipefail
cd "$(dirname "$0")/.."
module=github.com/klauspost/compress
unused=zstd/snappy.go
out=build/trimmed

stamp=$(go list -m -f '{{.Path}} {{.Version}}' "$module"; cat go.mod go.sum "$0")
[[ -f $out/stamp && $(<"$out/stamp") == "$stamp" ]] && exit 0

go mod download "$module"
rm -rf "$out"
mkdir -p "$out"
cp -R "$(go list -m -f '{{.Dir}}' "$module")" "$out/compress"
chmod -R u+w "$out/compress"
rm "$out/compress/$unused"
cp go.mod go.sum "$out"
go mod edit -replace "$module=./$out/compress" "$out/go.mod"
printf '%s\n' "$stamp" >"$out/stamp"
