package modules

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

func TestFillOnce(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "made")
	errFill := errors.New("fill failed")
	for _, step := range []struct {
		digest, content string
		fail            error
		want            string
	}{
		{digest: "1", content: "a", want: "a"},
		{digest: "1", content: "b", want: "a"},
		{digest: "2", content: "c", want: "c"},
		{digest: "3", content: "d", fail: errFill, want: "c"},
		{digest: "3", content: "e", want: "e"},
	} {
		err := fillOnce(folder, step.digest, func(work string) error {
			return errors.Join(step.fail, os.WriteFile(filepath.Join(work, "file"), []byte(step.content), 0o644))
		})
		if !errors.Is(err, step.fail) {
			t.Errorf("%+v: error %v", step, err)
		}
		if got, err := os.ReadFile(filepath.Join(folder, "file")); string(got) != step.want {
			t.Errorf("%+v: the folder has %q, %v", step, got, err)
		}
		if _, err := os.Stat(folder + ".new"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%+v: the folder for the work is left: %v", step, err)
		}
	}
}

func TestFillOnceReplacesWhatAKilledBuildLeft(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "made")
	if err := os.MkdirAll(filepath.Join(folder+".new", "half"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := fillOnce(folder, "1", func(string) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "half")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the half folder was taken over: %v", err)
	}
}

func TestFillOnceTogether(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "made")
	var fills atomic.Int32
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if err := fillOnce(folder, "1", func(string) error { fills.Add(1); return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if fills.Load() != 1 {
		t.Errorf("filled %d times", fills.Load())
	}
}
