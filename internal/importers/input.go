package importers

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// Bounds of what is read. An export of a decade has a few thousand files and, in the largest one, some
// gigabytes.
const (
	mostFiles  = 200_000
	mostBytes  = 32 << 30 // of one file, unpacked
	bombBytes  = 64 << 20 // from here on a file must not have grown by more than bombGrowth
	bombGrowth = 600
)

// Input is a file, a zip or a folder, opened for reading.
type Input struct {
	files   []file
	outside int // names in a zip that lead out of it
	first   string
	single  string // the name of the only file; "": a zip or a folder
	close   []func() error
}

// A file is one of those of an input.
type file struct {
	name   string // with slashes, as messages name it
	size   int64  // unpacked
	packed int64  // in its zip; 0: not packed
	open   func() (io.ReadCloser, error)
}

// Open opens what a path names. Links that lead out of a folder are not followed.
func Open(name string) (*Input, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		root, err := os.OpenRoot(name)
		if err != nil {
			return nil, err
		}
		in, err := OpenFS(root.FS())
		if err != nil {
			_ = root.Close()
			return nil, err
		}
		in.close = append(in.close, root.Close)
		return in, nil
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file and no folder", errtext.Text(name))
	}
	dir, base := path.Split(strings.ReplaceAll(name, string(os.PathSeparator), "/"))
	if dir == "" {
		dir = "."
	}
	in := &Input{}
	if err := in.add(os.DirFS(dir), base); err != nil {
		_ = in.Close()
		return nil, err
	}
	if len(in.files) == 1 && in.files[0].name == base {
		in.single = base
	}
	return in, nil
}

// OpenFS opens the files of a folder, and of the zips in it.
func OpenFS(fsys fs.FS) (*Input, error) {
	in := &Input{}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(entry.Name(), ".") && name != "." || entry.Name() == "__MACOSX":
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() || !entry.Type().IsRegular():
			return nil
		}
		return in.add(fsys, name)
	})
	if err != nil {
		_ = in.Close()
		return nil, err
	}
	slices.SortFunc(in.files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return in, nil
}

// add adds a file, or those in it if it is a zip.
func (in *Input) add(fsys fs.FS, name string) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return err
	}
	magic := make([]byte, 4)
	n, _ := io.ReadFull(f, magic)
	at, ok := f.(io.ReaderAt)
	if n == 4 && ok && slices.Contains([]string{"PK\x03\x04", "PK\x05\x06"}, string(magic)) {
		in.close = append(in.close, f.Close)
		return in.addZip(at, name, info.Size())
	}
	if err := f.Close(); err != nil {
		return err
	}
	return in.addFile(file{name: name, size: info.Size(), open: func() (io.ReadCloser, error) { return fsys.Open(name) }})
}

func (in *Input) addFile(f file) error {
	if len(in.files) >= mostFiles {
		return fmt.Errorf("there are more than %d files: name the folder of the export alone", mostFiles)
	}
	in.files = append(in.files, f)
	return nil
}

func (in *Input) addZip(at io.ReaderAt, name string, size int64) error {
	z, err := zip.NewReader(at, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return fmt.Errorf("%s cannot be read as a zip (%w): it may have been cut while it was copied, so download it again", errtext.Text(name), err)
	}
	for _, entry := range z.File {
		inside := strings.ReplaceAll(entry.Name, `\`, "/")
		if strings.HasSuffix(inside, "/") || strings.HasPrefix(path.Base(inside), ".") || strings.HasPrefix(inside, "__MACOSX/") {
			continue
		}
		if !fs.ValidPath(inside) {
			if in.outside++; in.first == "" {
				in.first = inside
			}
			continue
		}
		if entry.Flags&1 != 0 {
			return fmt.Errorf("%s is locked with a password: unpack it and import the folder", errtext.Text(name))
		}
		err := in.addFile(file{
			name: name + "/" + inside, open: entry.Open,
			size: int64(min(entry.UncompressedSize64, mostBytes+1)), packed: max(1, int64(min(entry.CompressedSize64, mostBytes))),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Close closes the files.
func (in *Input) Close() error {
	var err error
	for _, f := range in.close {
		err = errors.Join(err, f())
	}
	return err
}
