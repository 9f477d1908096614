package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// version returns the program's version, as every file about a release writes it: the
// module's, without "v", if the program was built at a version, else "devel" with the
// commit it was built from, if that is known.
var version = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	return versionOf(info)
})

func versionOf(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return strings.TrimPrefix(v, "v")
	}
	of := map[string]string{}
	for _, s := range info.Settings {
		of[s.Key] = s.Value
	}
	v := "devel"
	if commit := of["vcs.revision"]; len(commit) >= 12 {
		v += "-" + commit[:12]
	}
	if of["vcs.modified"] == "true" {
		v += "-dirty"
	}
	return v
}

type versionCommand struct{}

func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintf(p.stdout, "asleep-mcp %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
