#!/bin/bash
# The rules that the code keeps and a program can check: formatting, vet, staticcheck, layers, no virtual machine by KVM, which nested machines
# lack, no test that is skipped in CI.
set -euo pipefail
cd "$(dirname "$0")/.."
status=0

unformatted=$(gofmt -l cmd internal test)
[[ -z $unformatted ]] || { echo "gofmt would change: $unformatted"; status=1; }
go vet ./... || status=1
for arch in amd64 arm64; do
    CGO_ENABLED=0 GOARCH=$arch go vet -tags guest ./cmd/gomod ./test/guest || status=1
done
go tool -modfile=tools/go.mod staticcheck ./... || status=1

if grep -rnE --include='*.go' --include='*.sh' 'accel[= ",]+kvm|enable-kvm' test | grep -v '^test/lint.sh:'; then
    echo 'virtual machines are run by -accel tcg only'
    status=1
fi

if grep -rnE --include='*.go' 'unix\.(FinitModule|InitModule|DeleteModule)\(' cmd internal | grep -v '^internal/kernel/'; then
    echo 'the module system calls are made by internal/kernel alone'
    status=1
fi

if grep -rnE --include='*.go' '\.Skip(f|Now)?\(' internal test | grep -v -e '^test/need/' -e '// in CI too$'; then
    echo 'a test for which something is missing ends by package need, which fails in CI'
    status=1
fi

go tool -modfile=tools/go.mod depguard ./cmd/... ./internal/... || status=1
exit $status
