#!/bin/bash
# Brings what the tests and the demo need into build/: real kernels, their headers, kmod 34.2 to compare with, Debians to install packages in.
# Nothing of it is installed on the machine but the programs named in `tools`, and lintian.
#
#   test/setup.sh [tools] [kernels] [headers] [reference] [root12]     all of them without an argument
#   test/setup.sh lintian root13 kmod-debs                             what make test-system needs besides
#
# Layout it makes:
#   build/kernels/NAME/        linux-image package unpacked; release (uname -r), vmlinuz and modules are beside its own folders
#   build/headers/NAME/        linux-headers and linux-kbuild unpacked; tree -> what `make -C` takes
#   build/kmod34/              Debian 13's kmod and the libraries it runs with: the one to compare with
#   build/kmod34-arm64/        the same for arm64, to compare with in a virtual machine; beside it a static busybox, build/busybox-arm64/
#   build/kmod30/              Debian 12's, whose library udev reads the indexes with
#   build/roots/12, 13         Debian 12 and 13 as debootstrap lays them out, with kmod and what works with it: for packages to be installed in
#   build/kmod-debs/12, 13     the packages of both kmods; with Debian 13's what it needs in Debian 12
# NAME is 6.1, 6.12, 6.12-cloud, 6.1-arm64, and 6.1-s390x (big-endian modules, never booted).
set -euo pipefail
cd "$(dirname "$0")/.."
readonly top=$PWD build=$PWD/build

say() { echo "setup: $*" >&2; }
die() { say "$*"; exit 1; }

# need_apt stops with one sentence where packages cannot be had.
need_apt() {
    command -v apt-get >/dev/null || die "this is not a Debian machine: install ${tools[*]} and unpack the kernels by hand (see test/setup.sh for the folders)"
}

readonly -a tools=(qemu-system-x86 qemu-system-arm busybox-static gcc gcc-aarch64-linux-gnu libc6-dev libelf1 cpio xz-utils zstd openssl file make jq debootstrap rpm strace)

tools() { installed "${tools[@]}"; }
lintian() { installed lintian; }

# installed PACKAGE... installs what of them the machine lacks.
installed() {
    local missing=()
    command -v dpkg-query >/dev/null || need_apt
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    [[ ${#missing[@]} -eq 0 ]] && return
    [[ $(id -u) -eq 0 ]] || die "not root: install these packages first: ${missing[*]}"
    say "installing ${missing[*]}"
    local log=$build/apt-install.log
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 ||
        die "apt-get could not install ${missing[*]} (no network?): see $log"
}

# own_apt SUITE ARCH COMMAND... runs an apt command that knows SUITE and ARCH only and keeps its state under build/apt.
own_apt() {
    local suite=$1 arch=$2; shift 2
    local root=$build/apt/$suite-$arch
    if [[ ! -e $root/ready ]]; then
        need_apt
        mkdir -p "$root"/{lists,archives}/partial
        : >"$root/status"
        sources "$suite" >"$root/sources.list"
        # Without the option apt-get is content with no lists at all.
        apt_with "$root" "$arch" apt-get update -o APT::Update::Error-Mode=any >"$root/log" 2>&1 || die "apt-get cannot read the package lists of Debian $suite for $arch (no network?): see $root/log"
        touch "$root/ready"
    fi
    apt_with "$root" "$arch" "$@"
}

apt_with() {
    local root=$1 arch=$2; shift 2
    "$1" -o Dir::Etc::SourceList="$root/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$root/lists" -o Dir::State::status="$root/status" \
        -o Dir::Cache="$root" -o Dir::Cache::archives="$root/archives" \
        -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o APT::Sandbox::User=root "${@:2}"
}

# sources SUITE prints the machine's own Debian sources, moved to SUITE. Where the machine has no security updates, which
# have the newer kernels, the folder beside its archive is taken for them, as on Debian's own server.
sources() {
    local suite=$1 codename
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    apt-get indextargets --no-release-info --format '$(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u |
        awk -v from="$codename" -v to="$suite" '
            function source(site, release) { print "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]", site, release, "main" }
            index($2, from) == 1 && $3 == "main" { source($1, to substr($2, length(from) + 1)) }
            $2 == from && $3 == "main" { archive = $1; sub("/$", "", archive) }
            $2 == from "-security" { secure = 1 }
            END { if (archive && !secure) source(archive "-security", to "-security") }'
}

# unpack SUITE ARCH DIR PACKAGE... lays the packages' files below DIR.
unpack() {
    local suite=$1 arch=$2 dir=$3; shift 3
    local debs=$build/debs log=$build/apt-download.log
    rm -rf "$debs"
    mkdir -p "$debs" "$dir"
    # Lists of an earlier day may name packages that newer ones have replaced.
    download "$suite" "$arch" "$debs" "$@" >"$log" 2>&1 ||
        { rm -f "$build/apt/$suite-$arch/ready"; download "$suite" "$arch" "$debs" "$@" >"$log" 2>&1; } ||
        die "apt-get cannot download $* of Debian $suite for $arch (no network?): see $log"
    for deb in "$debs"/*.deb; do dpkg-deb -x "$deb" "$dir"; done
    rm -r "$debs"
}

# download SUITE ARCH DIR PACKAGE... is a shell of its own, for own_apt may end it.
download() (
    cd "$3" && own_apt "$1" "$2" apt-get download "${@:4}"
)

# depends SUITE ARCH PACKAGE PATTERN prints the dependency of a metapackage whose name begins with PATTERN.
depends() {
    own_apt "$1" "$2" apt-cache depends "$3" | awk -v want="$4" '$1 == "Depends:" && index($2, want) == 1 { print $2; exit }' | grep . ||
        die "Debian $1 has no package $3 for $2: add $1-security to the machine's apt sources"
}

# once DIR FUNCTION ARGS... makes DIR by FUNCTION unless an earlier run has finished it.
once() {
    local dir=$1; shift
    [[ -e $dir/.complete ]] && return
    rm -rf "$dir"
    mkdir -p "$dir"
    "$@"
    touch "$dir/.complete"
}

kernels() {
    once "$build/kernels/6.1" kernel 6.1 amd64 linux-image-amd64
    once "$build/kernels/6.12" kernel 6.12 amd64 linux-image-6.12-amd64
    once "$build/kernels/6.12-cloud" kernel 6.12-cloud amd64 linux-image-6.12-cloud-amd64
    once "$build/kernels/6.1-arm64" kernel 6.1-arm64 arm64 linux-image-arm64
    once "$build/kernels/6.1-s390x" kernel 6.1-s390x s390x linux-image-s390x
}

kernel() {
    local dir=$build/kernels/$1 arch=$2 package release
    package=$(depends bookworm "$arch" "$3" linux-image-)
    release=${package#linux-image-}
    say "unpacking $package"
    unpack bookworm "$arch" "$dir" "$package"
    echo "$release" >"$dir/release"
    ln -s "boot/vmlinuz-$release" "$dir/vmlinuz"
    ln -s "lib/modules/$release" "$dir/modules"
    reference
    "$build/kmod34/run" depmod -b "$dir" "$release"
}

headers() {
    once "$build/headers/6.1" header_tree 6.1 amd64 linux-headers-amd64
    once "$build/headers/6.12" header_tree 6.12 amd64 linux-headers-6.12-amd64
    once "$build/headers/6.1-arm64" header_tree 6.1-arm64 arm64 linux-headers-arm64
}

header_tree() {
    local dir=$build/headers/$1 arch=$2 package common kbuild
    package=$(depends bookworm "$arch" "$3" linux-headers-)
    common=$(depends bookworm "$arch" "$package" linux-headers-)
    kbuild=$(depends bookworm "$arch" "$package" linux-kbuild-)
    say "unpacking $package"
    unpack bookworm "$arch" "$dir" "$package" "$common"
    # Its programs run here, whatever they make modules for.
    unpack bookworm amd64 "$dir" "$kbuild"
    # The packages expect to lie in /usr: their makefiles and links name it.
    find "$dir/usr/src" -maxdepth 2 -type f \( -name Makefile -o -name '.kernelvariables' \) -exec sed -i "s#/usr/#$dir/usr/#g" {} +
    find "$dir/usr/src" -type l | while read -r link; do
        target=$(readlink "$link")
        [[ $target != /usr/* ]] || ln -sfn "$dir$target" "$link"
    done
    ln -s "usr/src/$package" "$dir/tree"
}

reference() {
    once "$build/kmod34" c_kmod trixie 34 usr/ libssl3t64
    once "$build/kmod30" c_kmod bookworm 30 "" libssl3
    once "$build/kmod34-arm64" unpack trixie arm64 "$build/kmod34-arm64" kmod libkmod2 libc6 liblzma5 libzstd1 libssl3t64 zlib1g
    once "$build/busybox-arm64" unpack bookworm arm64 "$build/busybox-arm64" busybox-static
}

# c_kmod SUITE VERSION PREFIX LIBSSL unpacks a suite's kmod, which lies in PREFIXbin, with all that it runs with.
c_kmod() {
    local suite=$1 version=$2 prefix=$3 dir=$build/kmod$2
    say "unpacking kmod $version of Debian $suite"
    unpack "$suite" amd64 "$dir" kmod libkmod2 libc6 liblzma5 libzstd1 "$4" zlib1g
    cat >"$dir/run" <<RUN
#!/bin/sh
# run TOOL ARGS... runs C kmod $version under the name TOOL with its own C library.
here=\$(dirname "\$(readlink -f "\$0")")
tool=\$1
shift
exec "\$here/${prefix}lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" --argv0 "\$tool" \\
    --library-path "\$here/lib/x86_64-linux-gnu:\$here/usr/lib/x86_64-linux-gnu" "\$here/${prefix}bin/kmod" "\$@"
RUN
    chmod 755 "$dir/run"
    "$dir/run" modinfo --version | grep -q "^kmod version $version" || die "$dir/run does not run: remove $dir and try again"
}

# A root is only ever read: the tests put an overlay on it.
root12() { once "$build/roots/12" root bookworm 12; }
root13() { once "$build/roots/13" root trixie 13; }

root() {
    local suite=$1 dir=$build/roots/$2 log=$build/debootstrap-$2.log archive
    [[ $(id -u) -eq 0 ]] || die "not root: debootstrap needs it to make $dir"
    archive=$(sources "$suite" | awk -v suite="$suite" '$4 == suite { print $3; exit }')
    mkdir -p "$build/debootstrap"
    say "making a Debian $2 in $dir"
    debootstrap --variant=minbase --cache-dir="$build/debootstrap" --include=kmod,initramfs-tools-core,bash-completion \
        "$suite" "$dir" "$archive" >"$log" 2>&1 || die "debootstrap cannot make a Debian $2 (no network?): see $log"
    rm -rf "$dir"/var/cache/apt/archives/*.deb "$dir"/var/lib/apt/lists/*_*
}

kmod_debs() {
    once "$build/kmod-debs/12" debs bookworm 12 kmod
    once "$build/kmod-debs/13" debs trixie 13 kmod libkmod2 libssl3t64 openssl-provider-legacy libc6 libc-bin liblzma5 libzstd1 zlib1g \
        bash-completion base-files
}

debs() {
    local suite=$1 dir=$build/kmod-debs/$2 log=$build/apt-download.log; shift 2
    say "fetching $* of Debian $suite"
    download "$suite" amd64 "$dir" "$@" >"$log" 2>&1 || die "apt-get cannot download $* of Debian $suite (no network?): see $log"
}

mkdir -p "$build"
# test/system.sh uses these functions.
[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0
[[ $# -gt 0 ]] || set -- tools reference kernels headers root12
for step in "$@"; do
    case $step in
    tools | kernels | headers | reference | lintian | root12 | root13 | kmod-debs) "${step//-/_}" ;;
    *) die "unknown step $step: one of tools, kernels, headers, reference, lintian, root12, root13, kmod-debs" ;;
    esac
done
