package modules

import (
	"errors"
	"testing"
)

// top is the root of the project, from here.
const top = "../.."

// kernels are the ones whose headers test/setup.sh unpacks.
func kernels() []string { return []string{"6.1", "6.12", "6.1-arm64"} }

// forEachKernel runs check with the folder that Build gives, for all kernels at once.
func forEachKernel(t *testing.T, check func(t *testing.T, kernel, folder string)) {
	for _, kernel := range kernels() {
		t.Run(kernel, func(t *testing.T) {
			t.Parallel()
			check(t, kernel, Require(t, top, kernel))
		})
	}
}

func TestBuildWithoutHeaders(t *testing.T) {
	folder, err := Build(t.TempDir(), "6.1")
	if !errors.Is(err, ErrNoHeaders) || folder != "" {
		t.Errorf("Build gives %q, %v; want an ErrNoHeaders", folder, err)
	}
}
