package cli

import "gomod/internal/config"

// tellExposures says where others than root may change what modprobe and depmod go by.
func (s *session) tellExposures(dir string) {
	for _, configured := range [...]struct {
		of      config.Sources
		meaning string
	}{
		{config.Sources{Paths: s.modprobeFolders(), ModuleDir: dir}, "what modules are loaded with"},
		{config.Sources{Paths: config.Directories(s.ConfigRoot, s.SysconfDirectory, s.DistconfDirectory, "depmod.d")}, "which modules depmod finds"},
	} {
		for _, e := range config.Exposures(configured.of) {
			s.log.remark(e.Error() + ", and say " + configured.meaning + ": " + closing(e))
		}
	}
}

// closing is what keeps others from what is exposed. It comes too late for what they have written there.
func closing(e config.Exposure) string {
	const look = "look at what is there, then "
	switch e.Kind {
	case config.OthersEntry:
		return look + "chown -h root " + e.Path + ", or take it away"
	case config.Unseen:
		return "have the file lie where it can be looked at"
	case config.OwnedFile, config.OwnedFolder:
		return look + "chown root " + e.Path
	case config.GroupFile, config.GroupFolder:
		return look + "chmod g-w " + e.Path
	}
	return look + "chmod o-w " + e.Path
}
