#!/bin/bash
# Builds the program, and vets it with its tests, for a machine of 32 bits, one of the other byte order, and the second one that gomod is
# made for.
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0
status=0
for GOARCH in 386 s390x arm64; do
    export GOARCH
    if go build -o /dev/null ./cmd/gomod && go vet ./...; then
        echo "$GOARCH: builds, and vet has nothing to say"
    else
        echo "$GOARCH: FAILED"
        status=1
    fi
done
exit $status
