// Command site makes a website of the documentation, from the same files that GitHub
// shows. Run it at the top of the repository:
//
//	go run ./docs/site -o public
//
// Every page is a Markdown file; pages.go gives its place in the menu. A broken link is
// an error.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("o", "public", "the folder to write; it must be empty or not be there")
	flag.Parse()
	if err := write(os.DirFS("."), *out); err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
		os.Exit(1)
	}
}

// write makes the site of the repository in root, in the folder out.
func write(root fs.FS, out string) error {
	if entries, err := os.ReadDir(out); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s is not empty: remove it, or name another folder with -o", out)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	files, err := build(root)
	if err != nil {
		return err
	}
	for name, text := range files {
		path := filepath.Join(out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
