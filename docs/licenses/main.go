// Command licenses writes THIRD-PARTY-LICENSES.txt, which every release contains: what
// the program is made of besides this repository, with the texts of the licenses. Run
// it at the top of the repository:
//
//	go run ./docs/licenses
//
// It finds the modules that the program imports on any platform in the module cache,
// and what the page for hosts was built from in the list that its build left. A license
// that it does not know is an error: somebody must read it first.
package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const (
	program = "./cmd/asleep-mcp"
	appList = "internal/charts/app/licenses.md"
	list    = "THIRD-PARTY-LICENSES.txt"
)

func main() {
	text, err := compose(context.Background())
	if err == nil {
		err = os.WriteFile(list, text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "licenses:", err)
		os.Exit(1)
	}
}

// part is a module, or something in it that has a license of its own.
type part struct{ name, folder string }

// compose returns the list: an overview, then each text once, below those who use it.
func compose(ctx context.Context) ([]byte, error) {
	parts, err := modules(ctx)
	if err != nil {
		return nil, err
	}
	// Go's own license is that of its modules; not every GOROOT holds the file.
	for _, p := range parts {
		if strings.HasPrefix(p.name, "golang.org/x/text ") {
			parts = append(parts, part{"Go's standard library", p.folder})
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.name, b.name) })

	var overview bytes.Buffer
	var texts []string
	users := map[string][]string{}
	for _, p := range parts {
		files, err := filesOf(p.folder)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		var kinds []string
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			text := strings.TrimSpace(strings.ReplaceAll(string(content), "\r\n", "\n"))
			if !isNotice(file) {
				kind := kindOf(text)
				if kind == "" {
					return nil, fmt.Errorf("%s: read %s, and add its kind to docs/licenses", p.name, file)
				}
				if !slices.Contains(kinds, kind) {
					kinds = append(kinds, kind)
				}
			}
			if users[text] == nil {
				texts = append(texts, text)
			}
			users[text] = append(users[text], p.name)
		}
		fmt.Fprintf(&overview, "%s: %s\n", p.name, strings.Join(kinds, ", "))
	}
	app, err := os.ReadFile(appList)
	if err != nil {
		return nil, err
	}
	for _, m := range regexp.MustCompile(`(?m)^## (.+) - (\S+) \((.+)\)$`).FindAllStringSubmatch(string(app), -1) {
		fmt.Fprintf(&overview, "%s %s: %s (in the page for hosts)\n", m[1], m[2], m[3])
	}

	out := bytes.NewBufferString("What asleep-mcp is made of, and under which licenses. Made by go run ./docs/licenses.\n\n")
	out.Write(overview.Bytes())
	for _, text := range texts {
		fmt.Fprintf(out, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 80), strings.Join(users[text], "\n"), text)
	}
	fmt.Fprintf(out, "\n%s\nIn the page for hosts\n\n%s\n", strings.Repeat("=", 80), strings.TrimSpace(string(app)))
	return out.Bytes(), nil
}

// modules returns the modules that the program imports on any platform.
func modules(ctx context.Context) (all []part, err error) {
	for _, system := range []string{"darwin", "linux", "windows"} {
		out, err := run(ctx, "env", "GOOS="+system, "CGO_ENABLED=0", "go", "list", "-deps",
			"-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", program)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(out) {
			name, folder, ok := strings.Cut(strings.TrimSpace(line), "\t")
			if p := (part{name, folder}); ok && !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all, nil
}

func run(ctx context.Context, name string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, name, args...)
	var complaints bytes.Buffer
	c.Stderr = &complaints
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", name, err, complaints.String())
	}
	return string(out), nil
}

var fileNames = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|ofl)([.-].*)?$`)

// isNotice reports whether a file goes with a license without being one.
func isNotice(file string) bool {
	name := strings.ToLower(filepath.Base(file))
	return strings.HasPrefix(name, "notice") || strings.HasPrefix(name, "patents") || strings.Contains(name, "3rd-party")
}

// filesOf returns the licenses and notices of a module: those at its top, and deeper ones
// of fonts and of FreeType, of whose two licenses this program chooses its own.
func filesOf(folder string) (files []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !e.IsDir() && fileNames.MatchString(e.Name()) && e.Name() != "LICENSE-LOGO" { // of a picture in a README
			files = append(files, filepath.Join(folder, e.Name()))
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s holds no license", folder)
	}
	for _, deeper := range []string{"*/*/fonts/OFL.txt", "licenses/ftl.txt"} {
		found, err := filepath.Glob(filepath.Join(folder, filepath.FromSlash(deeper)))
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	return files, nil
}

// kinds are licenses by a phrase that no other in this list has. The first that fits counts.
var kinds = []struct{ phrase, name string }{
	{"SIL OPEN FONT LICENSE", "OFL-1.1"},
	{"The FreeType License", "FTL"},
	{"The FreeType Project LICENSE", "FTL"},
	{"Mozilla Public License, version 2.0", "MPL-2.0"},
	{"Mozilla Public License Version 2.0", "MPL-2.0"},
	{"Apache License", "Apache-2.0"},
	{"Permission is hereby granted, free of charge", "MIT"},
	{"Permission to use, copy, modify, and/or distribute", "ISC"},
	{"Neither the name", "BSD-3-Clause"},
	{"Redistributions in binary form", "BSD-2-Clause"},
	{"public domain", "public domain"},
}

var space = regexp.MustCompile(`\s+`)

// kindOf returns the SPDX name of a license, or "".
func kindOf(text string) string {
	text = strings.ToLower(space.ReplaceAllString(text, " "))
	for _, k := range kinds {
		if strings.Contains(text, strings.ToLower(k.phrase)) {
			return k.name
		}
	}
	return ""
}
