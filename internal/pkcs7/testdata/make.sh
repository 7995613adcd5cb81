#!/bin/sh
# Made the *.der beside it with OpenSSL 3.0. A new run makes new keys: the signatures change, nothing else does.
# The names and serial numbers are in signerinfo_test.go, and `openssl cms -cmsout -print -noout -inform DER -in X.der` shows them.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
echo module >"$work/data"

# key NAME SERIAL SUBJECT ALGORITHM... makes a self-signed certificate, so that its issuer is SUBJECT.
key() {
    name=$1 serial=$2 subject=$3
    shift 3
    openssl genpkey "$@" -out "$work/$name.key" 2>/dev/null
    openssl req -new -x509 -utf8 -key "$work/$name.key" -subj "$subject" -set_serial "$serial" -days 36500 -out "$work/$name.crt"
}

# sign OUTPUT KEY COMMAND OPTIONS... signs the data as `openssl COMMAND`.
sign() {
    output=$1 name=$2 command=$3
    shift 3
    openssl "$command" -sign -binary -outform DER -in "$work/data" -signer "$work/$name.crt" -inkey "$work/$name.key" "$@" -out "$output.der"
}

key rsa 0x1122334455 '/O=Example/CN=Example module key' -algorithm RSA -pkeyopt rsa_keygen_bits:1024
key ec 0x80f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102 '/CN=Schlüssel für Module/O=Beispiel' -algorithm EC -pkeyopt ec_paramgen_curve:P-256
key nocn 1 '/C=DE/O=Example/OU=Kernel team' -algorithm EC -pkeyopt ec_paramgen_curve:P-256

sign rsa-sha256 rsa smime -md sha256 -noattr -nocerts
sign rsa-sha512 rsa cms -md sha512 -noattr -nocerts -nosmimecap
sign rsa-sha1-certs-attributes rsa smime -md sha1
sign ec-sha256 ec cms -md sha256 -noattr -nocerts
sign no-common-name nocn cms -md sha384 -noattr -nocerts
sign streamed nocn cms -md sha224 -noattr -stream -nodetach
sign two-signers ec cms -md sha256 -noattr -nocerts -signer "$work/nocn.crt" -inkey "$work/nocn.key"
sign key-identifier rsa cms -md sha256 -noattr -nocerts -keyid
