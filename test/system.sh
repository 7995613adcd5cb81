#!/bin/bash
# Makes the file systems of a whole Debian 12 that the tests in test/system change, compare and boot. test/setup.sh comes first.
#
#   test/system.sh [base] [full]     both without an argument
#
# Layout it makes:
#   build/system/base.img      ext4: systemd, udev, initramfs-tools, kmod, a 6.1 kernel that has no initramfs yet
#   build/system/full.img      the same with dracut, DKMS, a compiler and headers; /root/kernel.deb is a kernel to be installed
# Both need root's rights, and mounts in a name space of their own; the machine's own system is left as it is.
set -euo pipefail
cd "$(dirname "$0")/.."
. test/setup.sh

readonly images=$build/system
readonly -a base_packages=(systemd-sysv udev dbus login kmod initramfs-tools busybox zstd iproute2 cpio linux-image-amd64)
readonly -a full_packages=(dracut-core dkms gcc libc6-dev openssl linux-headers-amd64)

base() {
    [[ -e $images/base.img ]] && return
    tools
    root12
    local root=$images/root
    say "installing a kernel and an init system"
    rm -rf "$root"
    cp -a "$build/roots/12" "$root"
    rm "$root/.complete"
    sources bookworm >"$root/etc/apt/sources.list"
    settings "$root"
    in_root "$root" "apt-get update && $(install_command "${base_packages[@]}") && apt-get clean" >"$images/base.log" 2>&1 || die "Debian's kernel could not be installed: see $images/base.log"
    image "$root" base.img
    rm -rf "$root"
}

full() {
    [[ -e $images/full.img ]] && return
    base
    say "installing dracut, DKMS and kernel headers"
    cp --sparse=always "$images/base.img" "$images/full.img.new"
    mkdir -p "$images/mnt"
    # The kernel that is installed and removed is the smallest one.
    in_image "$images/full.img.new" "$images/mnt" "$(install_command "${full_packages[@]}") && cd /root &&
        apt-get download \"\$(apt-cache depends linux-image-6.12-cloud-amd64 | awk '\$1 == \"Depends:\" && /linux-image-/ { print \$2 }')\" &&
        mv linux-image-*.deb kernel.deb && apt-get clean" >"$images/full.log" 2>&1 ||
        die "the larger system could not be installed: see $images/full.log"
    mv "$images/full.img.new" "$images/full.img"
}

# install_command: a package's initramfs is made by the tests, by both tools.
install_command() {
    echo "INITRD=No DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o DPkg::Options::=--force-unsafe-io $*"
}

# settings are those of a machine with one disk, a serial console and root without a password.
settings() {
    local root=$1
    echo gomod-test >"$root/etc/hostname"
    echo '127.0.0.1 localhost gomod-test' >"$root/etc/hosts"
    echo '/dev/vda / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"
    sed -i 's/^root:[^:]*:/root::/' "$root/etc/shadow"
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
}

image() {
    local root=$1 file=$images/$2
    rm -f "$file.new"
    truncate -s 6G "$file.new"
    mke2fs -q -t ext4 -E lazy_itable_init=0,lazy_journal_init=0 -d "$root" "$file.new"
    mv "$file.new" "$file"
}

# in_root ROOT COMMAND runs a shell command in it with the usual file systems, which vanish with the name space.
in_root() {
    unshare --mount sh -ec '
        mount -t proc proc "$1/proc"
        mount -t sysfs -o ro sysfs "$1/sys"
        mount --rbind /dev "$1/dev"
        chroot "$1" /bin/sh -c "$2"' sh "$@"
}

# in_image IMAGE FOLDER COMMAND is in_root for a file system in a file.
in_image() {
    unshare --mount sh -ec '
        mount -o loop "$1" "$2"
        mount -t proc proc "$2/proc"
        mount -t sysfs -o ro sysfs "$2/sys"
        mount --rbind /dev "$2/dev"
        chroot "$2" /bin/sh -c "$3"
        umount -R "$2"' sh "$@"
}

mkdir -p "$images"
[[ $(id -u) -eq 0 ]] || die "not root: a Debian is installed by chroot"
[[ $# -gt 0 ]] || set -- base full
for step in "$@"; do
    case $step in
    base | full) "$step" ;;
    *) die "unknown step $step: one of base, full" ;;
    esac
done
