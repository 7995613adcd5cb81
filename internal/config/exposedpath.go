package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Exposed goes along a path as the kernel does, through all links, and gives the first place where anyone could have it lead elsewhere; nil if
// there is none.
func Exposed(path string) *Exposure {
	w := walk{at: ".", judge: func(string, fs.FileInfo) *Exposure { return nil }}
	return w.along(path)
}

// entrusted is Exposed for those whom an administrator may have given that right: another user or a group.
func entrusted(path string) *Exposure {
	w := walk{at: ".", judge: othersThanRoot}
	return w.along(path)
}

func (w *walk) along(path string) *Exposure {
	e := w.follow(path)
	for e == nil && w.rest != "" {
		e = w.step()
	}
	if e != nil {
		return e
	}
	return w.end()
}

// walk is how far one has come along a path.
type walk struct {
	// at is a path without links, and info what lies there.
	at   string
	info fs.FileInfo
	rest string
	// links are those followed so far.
	links int
	// judge looks at each folder on the way and at what is at its end.
	judge func(path string, info fs.FileInfo) *Exposure
}

// mostLinks is the kernel's own bound.
const mostLinks = 40

// follow puts a path, such as a link's target, before the rest.
func (w *walk) follow(path string) *Exposure {
	w.rest = path + "/" + w.rest
	if path != "" && path[0] == '/' {
		w.at = "/"
	}
	return w.enter(w.at)
}

func (w *walk) enter(folder string) *Exposure {
	info, err := os.Lstat(folder)
	if err != nil {
		return unseen(folder, err)
	}
	w.at, w.info = folder, info
	return nil
}

// step takes one name of the rest.
func (w *walk) step() *Exposure {
	var name string
	name, w.rest, _ = strings.Cut(w.rest, "/")
	switch name {
	case "", ".":
		return nil
	case "..":
		return w.enter(filepath.Join(w.at, ".."))
	}
	sticky := w.info.Mode()&fs.ModeSticky != 0
	if forAnyone(w.info) && !sticky {
		return &Exposure{Kind: WritableFolder, Path: w.at}
	}
	if e := w.judge(w.at, w.info); e != nil && !(e.Kind == GroupFolder && sticky) {
		return e
	}
	entry := filepath.Join(w.at, name)
	info, err := os.Lstat(entry)
	switch {
	case err != nil:
		return unseen(entry, err)
	case forAnyone(w.info) && !trusted(info):
		return &Exposure{Kind: OthersEntry, Path: entry}
	case info.Mode()&fs.ModeSymlink != 0:
		return w.followLink(entry)
	}
	w.at, w.info = entry, info
	return nil
}

func (w *walk) followLink(link string) *Exposure {
	if w.links++; w.links > mostLinks {
		return unseen(link, syscall.ELOOP)
	}
	target, err := os.Readlink(link)
	if err != nil {
		return unseen(link, err)
	}
	return w.follow(target)
}

// end is about what the whole path leads to. A device is nobody's configuration: /dev/null hides files, and anyone may write it.
func (w *walk) end() *Exposure {
	switch {
	case !w.info.IsDir() && !w.info.Mode().IsRegular():
		return nil
	case !forAnyone(w.info):
		return w.judge(w.at, w.info)
	case w.info.IsDir():
		return &Exposure{Kind: WritableFolder, Path: w.at}
	}
	return &Exposure{Kind: WritableFile, Path: w.at}
}

func unseen(path string, err error) *Exposure {
	var failed *fs.PathError
	if errors.As(err, &failed) {
		err = failed.Err
	}
	return &Exposure{Kind: Unseen, Path: path, Err: err}
}

func forAnyone(info fs.FileInfo) bool { return info.Mode().Perm()&0o002 != 0 }

// trusted tells of what root has made, or the caller.
func trusted(info fs.FileInfo) bool {
	owner := info.Sys().(*syscall.Stat_t).Uid
	return owner == 0 || int(owner) == os.Geteuid()
}

// othersThanRoot tells of a file or folder that another user or group may write. Its owner may, whatever its mode is now.
func othersThanRoot(path string, info fs.FileInfo) *Exposure {
	ofOwner, ofGroup := OwnedFile, GroupFile
	if info.IsDir() {
		ofOwner, ofGroup = OwnedFolder, GroupFolder
	}
	stat := info.Sys().(*syscall.Stat_t)
	switch {
	case !trusted(info):
		return &Exposure{Kind: ofOwner, Path: path, ID: stat.Uid}
	case info.Mode().Perm()&0o020 != 0 && stat.Gid != 0 && int(stat.Gid) != os.Getegid():
		return &Exposure{Kind: ofGroup, Path: path, ID: stat.Gid}
	}
	return nil
}
