package clients

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// largestFile is how much of a client's file is read, in bytes.
const largestFile = 64 << 20

// file is a client's file as it was found.
type file struct {
	path string      // where it really is, with symbolic links resolved
	text []byte      // nil: there is none
	mode fs.FileMode // of a new one too
}

// readFile reads a file that may be missing. It refuses a file that could not be written
// back as it was.
func readFile(path string) (file, error) {
	f := file{path: path, mode: 0o600}
	behind, err := filepath.EvalSymlinks(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(path); err == nil {
			return f, leadsNowhere.err()
		}
		return f, nil
	case err != nil:
		return f, because(err)
	}
	f.path = behind
	info, err := os.Stat(behind)
	switch {
	case err != nil:
		return f, because(err)
	case info.IsDir():
		return f, isFolder.err()
	case !info.Mode().IsRegular():
		return f, isNoFile.err()
	case info.Size() > largestFile:
		return f, tooLarge.err(largestFile >> 20)
	case info.Mode().Perm()&0o200 == 0:
		return f, isReadOnly.err()
	}
	writable, err := os.OpenFile(behind, os.O_RDWR, 0) // the right to write it, and its text
	if err != nil {
		return f, because(err)
	}
	defer func() { _ = writable.Close() }() // nothing was written
	f.mode = info.Mode().Perm()
	f.text, err = io.ReadAll(writable)
	return f, because(err)
}

// because returns the error of a file operation without its path.
func because(err error) error {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		return failed.Err
	}
	return err
}

// replace atomically replaces the file by one with a new text, after making a copy of the
// old one beside it, if there was one.
func (f file) replace(text []byte) (backup string, err error) {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return "", because(err)
	}
	now, err := readFile(f.path)
	if err != nil {
		return "", err
	}
	if !bytes.Equal(now.text, f.text) || (now.text == nil) != (f.text == nil) {
		return "", changedNow.err()
	}
	if f.text != nil {
		if backup, err = f.keepCopy(); err != nil {
			return "", noCopy.err(because(err))
		}
	}
	return backup, because(f.write(text))
}

// keepCopy writes the old text to a new file beside it.
func (f file) keepCopy() (path string, err error) {
	for i := 1; ; i++ {
		path = f.path + ".before-asleep-mcp"
		if i > 1 {
			path += "." + strconv.Itoa(i)
		}
		c, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, f.mode)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = c.Write(f.text)
		return path, errors.Join(err, c.Close())
	}
}

// write makes a file beside the old one and renames it, so that nobody reads half of it.
func (f file) write(text []byte) (err error) {
	t, err := os.CreateTemp(filepath.Dir(f.path), ".asleep-mcp-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(t.Name()) // it is of no use
		}
	}()
	_, err = t.Write(text)
	if err = errors.Join(err, t.Sync(), t.Close()); err != nil {
		return err
	}
	if err = os.Chmod(t.Name(), f.mode); err != nil {
		return err
	}
	return os.Rename(t.Name(), f.path)
}
