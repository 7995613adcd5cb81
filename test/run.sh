#!/bin/bash
# Runs every test and ends with the counts. make test and make test-all call it once everything is set up.
set -euo pipefail
cd "$(dirname "$0")/.."
go test -json -count=1 -timeout "${GOMOD_TEST_TIMEOUT:-90m}" ./... | tee build/test.json | go run ./test/report
