package importers

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
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
	outside Skipped // names in a zip that lead out of it
	other   Skipped // files of no known kind
	tables  Skipped // files in a folder that may be plain tables
	close   []func() error
}

// A file is one of those of an input.
type file struct {
	name   string // with slashes, as messages name it
	size   int64  // unpacked
	packed int64  // in its zip; 0: not packed
	open   func() (io.ReadCloser, error)
	named  bool // by who asked, not found in a folder or a zip
}

// Open opens what paths name. Links that lead out of a folder are not followed.
func Open(names ...string) (*Input, error) {
	in := &Input{}
	for _, name := range names {
		if err := in.open(name); err != nil {
			_ = in.Close()
			return nil, err
		}
	}
	return in, nil
}

func (in *Input) open(name string) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s does not exist", errtext.Text(name))
	case err != nil:
		return err
	case info.IsDir():
		root, err := os.OpenRoot(name)
		if err != nil {
			return err
		}
		in.close = append(in.close, root.Close)
		return in.addAll(root.FS())
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is neither a file nor a folder", errtext.Text(name))
	}
	before := len(in.files)
	err = in.add(os.DirFS(filepath.Dir(name)), filepath.Base(name))
	for i := before; i < len(in.files); i++ {
		in.files[i].named = in.files[i].packed == 0
	}
	return err
}

// OpenFS opens the files of a folder, and of the zips in it.
func OpenFS(fsys fs.FS) (*Input, error) {
	in := &Input{}
	if err := in.addAll(fsys); err != nil {
		_ = in.Close()
		return nil, err
	}
	return in, nil
}

func (in *Input) addAll(fsys fs.FS) error {
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
	slices.SortFunc(in.files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return err
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
		return fmt.Errorf("there are more than %d files: name only the folder of the export", mostFiles)
	}
	in.files = append(in.files, f)
	return nil
}

func (in *Input) addZip(at io.ReaderAt, name string, size int64) error {
	z, err := zip.NewReader(at, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return fmt.Errorf("%s cannot be read as a zip (%w): it may be incomplete, so download it again", errtext.Text(name), err)
	}
	for _, entry := range z.File {
		inside := strings.ReplaceAll(entry.Name, `\`, "/")
		if strings.HasSuffix(inside, "/") || strings.HasPrefix(path.Base(inside), ".") || strings.HasPrefix(inside, "__MACOSX/") {
			continue
		}
		if !fs.ValidPath(inside) {
			in.outside.add(inside)
			continue
		}
		if entry.Flags&1 != 0 {
			return fmt.Errorf("%s is protected with a password: unpack it and import the folder", errtext.Text(name))
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

// Skipped are files that were not read.
type Skipped struct {
	Count int
	First string // name of the first, for a message; "": there is none
}

func (s *Skipped) add(name string) {
	if s.Count++; s.First == "" {
		s.First = shown(name)
	}
}

// Outside returns the names in zips that lead out of them.
func (in *Input) Outside() Skipped { return in.outside }

// Other returns the files in which [Input.Detect] found nothing that is known. Among many
// files a plain table has to be named on its own, unless it has the documented columns;
// those that may be one are in tables.
func (in *Input) Other() (unknown, tables Skipped) { return in.other, in.tables }

// Close closes the files.
func (in *Input) Close() error {
	var err error
	for _, f := range in.close {
		err = errors.Join(err, f())
	}
	return err
}
