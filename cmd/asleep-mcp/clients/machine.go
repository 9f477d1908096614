package clients

import (
	"errors"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// Machine is what the location of a client's file depends on.
type Machine struct {
	os     string // as runtime.GOOS has it
	home   string
	getenv func(string) string
	glob   func(pattern string) []string
}

// ThisMachine returns the machine that the program runs on.
func ThisMachine(getenv func(string) string) (Machine, error) {
	home := getenv("HOME")
	if runtime.GOOS == "windows" {
		home = getenv("USERPROFILE")
	}
	if home == "" {
		return Machine{}, errors.New("the home folder is not known: set HOME")
	}
	return Machine{
		os: runtime.GOOS, home: home, getenv: getenv,
		glob: func(pattern string) []string {
			found, _ := filepath.Glob(pattern) // the patterns are ours and well formed
			return found
		},
	}, nil
}

// join joins a path in the machine's notation. Parts may begin with a folder's path.
func (m Machine) join(parts ...string) string {
	if m.os != "windows" {
		return path.Join(parts...)
	}
	slashed := strings.ReplaceAll(strings.Join(parts, "/"), `\`, "/")
	cleaned := path.Clean(slashed)
	if strings.HasPrefix(slashed, "//") { // on another machine, which Clean does not handle
		cleaned = "/" + cleaned
	}
	return strings.ReplaceAll(cleaned, "/", `\`)
}

// folder returns the value of a variable, or else one of the user's folders.
func (m Machine) folder(variable string, otherwise ...string) string {
	if set := m.getenv(variable); set != "" && (m.os == "windows" || filepath.IsAbs(set)) {
		return set
	}
	return m.join(append([]string{m.home}, otherwise...)...)
}

func (m Machine) appData() string { return m.folder("APPDATA", "AppData", "Roaming") }

// applications returns where graphical programs keep their settings.
func (m Machine) applications() string {
	switch m.os {
	case "windows":
		return m.appData()
	case "darwin":
		return m.join(m.home, "Library", "Application Support")
	}
	return m.folder("XDG_CONFIG_HOME", ".config")
}

// dotConfig returns where terminal programs keep theirs, which on macOS is the same folder as
// on Linux.
func (m Machine) dotConfig() string {
	if m.os == "linux" {
		return m.folder("XDG_CONFIG_HOME", ".config")
	}
	return m.join(m.home, ".config")
}
