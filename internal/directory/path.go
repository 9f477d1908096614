package directory

import (
	"path/filepath"
	"runtime"
)

// DefaultPath returns where the SQLite file is by default: asleep-mcp/asleep-mcp.db in
// the user's data folder, which is %LocalAppData% on Windows, ~/Library/Application
// Support on macOS, and elsewhere $XDG_DATA_HOME or ~/.local/share. It creates nothing;
// [OpenLazy] does. The error, when getenv knows no such folder, is [*Invalid] (field
// "database").
func DefaultPath(getenv func(string) string) (string, error) {
	return defaultPath(runtime.GOOS, getenv)
}

func defaultPath(system string, getenv func(string) string) (string, error) {
	data, home := "", getenv("HOME")
	switch {
	case system == "windows":
		data = getenv("LocalAppData")
	case system == "darwin" && home != "":
		data = filepath.Join(home, "Library", "Application Support")
	case filepath.IsAbs(getenv("XDG_DATA_HOME")):
		data = getenv("XDG_DATA_HOME")
	case home != "":
		data = filepath.Join(home, ".local", "share")
	}
	if data == "" {
		return "", &Invalid{Field: "database", Problem: "is not set, and there is no folder for data to keep a file in: neither HOME nor what this system uses instead is set"}
	}
	return filepath.Join(data, "asleep-mcp", "asleep-mcp.db"), nil
}
