package packages

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// In Debian 12: the tools are gomod's, then all is as it was, and modprobe was there all the time.
func TestInstallAndRemove(t *testing.T) {
	r := NewRoot(t, "12")
	before := r.State()
	r.Dpkg("-i /mnt/gomod.deb")
	r.IsGomod()
	r.expect(r.Must("dpkg --verify; dpkg --audit"), "")
	r.Dpkg("-r gomod")
	r.Same(before)
	r.Dpkg("-P gomod")
	r.Same(before)
	r.IsKmod("30")
}

// watch runs a script while a shell looks for modprobe all the time, and gives how often it looked and how often there was none. The script
// waits until the watcher has looked once, which does not count; where it fails, the watcher ends, too.
const watch = `
rm -f /mnt/stop /mnt/looked /mnt/watching /mnt/gone
trap 'touch /mnt/stop' EXIT
( looked=0 gone=0
  [ -x /sbin/modprobe ] || :
  : >/mnt/watching
  while ! [ -e /mnt/stop ]; do
    [ -x /sbin/modprobe ] || { gone=$((gone + 1)); : >/mnt/gone; }
    looked=$((looked + 1))
  done
  echo $looked $gone >/mnt/looked ) &
watcher=$!
while ! [ -e /mnt/watching ]; do sleep 0.01; done
{ CHANGE
} >/dev/null
touch /mnt/stop
wait $watcher`

func (r *Root) watched(change string) (looked, gone string) {
	r.t.Helper()
	r.Must(strings.Replace(watch, "CHANGE", change, 1))
	text, err := os.ReadFile(filepath.Join(r.Shared, "looked"))
	must(r.t, err)
	looked, gone, _ = strings.Cut(strings.TrimSpace(string(text)), " ")
	return looked, gone
}

func TestModprobeIsNeverMissing(t *testing.T) {
	r := NewRoot(t, "12")
	// It is away until the watcher has noted that, or for a minute.
	const away = `mv /sbin/modprobe /sbin/away; n=0; until [ -e /mnt/gone ] || [ $n = 600 ]; do sleep 0.1; n=$((n + 1)); done; mv /sbin/away /sbin/modprobe`
	if _, gone := r.watched(away); gone == "0" {
		t.Error("the watcher saw modprobe all the time, though it was away")
	}
	for _, change := range []string{"dpkg -i /mnt/gomod.deb", "dpkg -i /mnt/gomod.deb", "dpkg -r gomod", "dpkg -i /mnt/gomod.deb", "dpkg -P gomod"} {
		looked, gone := r.watched(change)
		t.Logf("%s: looked %s times, missing %s times", change, looked, gone)
		if looked == "0" || gone != "0" {
			t.Errorf("%s: modprobe was looked for %s times, and missing %s times", change, looked, gone)
		}
	}
}
