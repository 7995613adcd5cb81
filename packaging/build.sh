#!/bin/bash
# build.sh FORMAT... makes build/packages/gomod of each format (deb, rpm, apk) for the machine ARCH, as Go calls it. `make deb` and the
# like call it, once bin/gomod's man pages and completions are in build/docs and the program for ARCH is in build/packages/ARCH/bin.
#
# The same commit gives the same bytes: all times are the commit's.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly top=$PWD out=$PWD/build/packages ARCH=${ARCH:?}
readonly stage=$out/$ARCH
export ARCH
export MAINTAINER=${MAINTAINER:-gomod maintainers <gomod@example.org>} HOMEPAGE=${HOMEPAGE:-}
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

# lay_out copies what packaging/nfpm.yaml names, in the form that packages have it.
lay_out() {
    umask 022
    rm -rf "$stage"/{man,own,beside,bash,zsh,fish,doc,deb}
    mkdir -p "$stage"/{own/man5,own/man8,beside,doc,deb}
    local share=$top/build/docs/share
    cp -R "$share/man" "$stage/man"
    find "$stage/man" -type f -exec gzip -9n {} +
    cp -R "$stage/man/." "$stage/beside"
    mv "$stage"/beside/man5/gomod*.gz "$stage/own/man5"
    mv "$stage"/beside/man8/gomod*.gz "$stage/own/man8"
    cp -R "$share/bash-completion/completions" "$stage/bash"
    cp -R "$share/zsh/site-functions" "$stage/zsh"
    cp -R "$share/fish/vendor_completions.d" "$stage/fish"
    cp README.md LICENSE docs/packages.md docs/json.md docs/json.schema.json packaging/copyright packaging/lintian-overrides "$stage/doc"
    # What links lead to is not all in the package.
    sed -E -i 's#\[([^]]*)\]\((docs/|\.\./)?[A-Za-z]+(\.[a-z.]+)?(\#[^)]*)?\)#\1#g' "$stage"/doc/*.md
    # The sources may have been checked out with another umask.
    chmod -R u=rwX,go=rX "$stage"
}

# maintainer_scripts puts together the scripts of Debian's package: each has what they share, then its own part.
maintainer_scripts() {
    local script
    for script in preinst postinst prerm postrm; do
        {
            printf '#!/bin/sh\nset -e\n\n'
            cat packaging/deb/lib.sh
            echo
            cat "packaging/deb/$script.sh"
        } >"$stage/deb/$script"
        chmod 755 "$stage/deb/$script"
    done
}

changelog() {
    gzip -9n >"$stage/doc/changelog.Debian.gz" <<CHANGELOG
gomod ($1-1) unstable; urgency=medium

  * Built from commit $(git rev-parse HEAD).

 -- $MAINTAINER  $(LC_ALL=C date --utc -R -d "@$SOURCE_DATE_EPOCH")
CHANGELOG
}

# remove_older leaves packages for other machines, which rpm and apk call otherwise.
remove_older() {
    local machine=$ARCH
    if [[ $1 != deb ]]; then
        machine=${machine/amd64/x86_64}
        machine=${machine/arm64/aarch64}
    fi
    rm -f "$out"/gomod[-_]*[._]"$machine.$1"
}

lay_out
maintainer_scripts
for format in "$@"; do
    VERSION=$(packaging/version.sh "$format")
    export VERSION
    [[ $format != deb ]] || changelog "$VERSION"
    remove_older "$format"
    (cd "$stage" && go tool -modfile="$top/tools/nfpm.mod" nfpm package --config "$top/packaging/nfpm.yaml" --packager "$format" --target "$out")
done
