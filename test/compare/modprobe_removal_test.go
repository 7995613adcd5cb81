package compare

import (
	"os"
	"strings"
	"testing"
)

func TestModprobeRemoval(t *testing.T) {
	root := newModprobeRoot(t)
	root.Write("etc/modprobe.d/a.conf", strings.NewReplacer("softdep dummy pre: xor\n", "softdep dummy post: raid6_pq\n",
		"softdep xor pre: dummy post: nope2\n", "softdep xor post: libcrc32c a[\n").Replace(configA)+
		"remove libcrc32c echo rm \"[$CMDLINE_OPTS]\"\n")
	lines := `
		-r rem
		-rv nope
		-rnv rem
		-rn rem
		-ri rem
		-rq rem
		-r remfails
		-ra remfails rem
		-rq remfails rem
		-r dummy
		-rnv dummy
		-rnvi dummy
		-rnva dummy xor
		-r --first-time dummy
		-ra --first-time dummy xor
		-r nope3
		-ra nope3 rem
		-rq nope3 rem
		-r nope3 rem
		-r bi
		-ra bi rem
		-rq bi rem
		-rnv crc32c_generic
		-rD crc32c_generic
		-rD dummy
		-rDv btrfs
		-rDi btrfs
		-rnv foo
		-rnv two
		-rnv xor
		-rnvi xor
		-rnv btrfs
		-rv btrfs
		-r btrfs
		-rf btrfs
		-rnvf btrfs
		-rnv --remove-holders xor
		-rnv --remove-dependencies xor
		--remove-holders -nv xor
		--remove-holders nope3
		-rnv --remove-holders raid6_pq
		-rnva --remove-holders raid6_pq dummy
		-r --remove-holders xor
		-rnv -w 3 xor
		-r -w 3 xor
		-rnv dummy.ko
		-rnv /lib/modules/$RELEASE/kernel/drivers/net/dummy.ko.xz
		-rnv ''
		-r DUMMY
		-r inst
		-rnv inst
		--first-time -r inst
		--first-time -rn rem
		-rnv blackalias
		-rnvb btrfs
	`
	modprobe(t, root, lines)
	root.loaded("btrfs", "0")
	root.loaded("xor", "1", "btrfs")
	root.loaded("raid6_pq", "2", "btrfs", "dummy", "xor")
	root.loaded("libcrc32c", "0")
	root.loaded("dummy", "0")
	root.loaded("inst", "0")
	modprobe(t, root, lines)
	root.loaded("raid6_pq", "0")
	root.loaded("xor", "0")
	modprobe(t, root, lines)
	root.must(os.Remove(root.Path("sys/module/dummy/refcnt")))
	root.Write("sys/module/xor/refcnt", "x\n")
	root.must(os.RemoveAll(root.Path("sys/module/raid6_pq/holders")))
	modprobe(t, root, lines)
	root.must(os.Remove(root.Path("sys/module/dummy/initstate")))
	root.must(os.Remove(root.Path("sys/module/xor/initstate")))
	modprobe(t, root, lines)
}
