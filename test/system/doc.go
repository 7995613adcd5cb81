// Package system has a whole Debian 12 run on gomod: it builds initramfs images with it, has DKMS and dpkg call it, and boots.
//
// Each test works on a copy of a file system that test/system.sh made, and most of them on two copies, of which one keeps Debian's
// kmod 30: what the distribution makes with either has to be the same.
package system
