package auth

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"
)

// lookAgain is how long a token file is believed to be unchanged.
const lookAgain = time.Second

// TokenFile has the tokens of a file, and reads it again when it has changed: a token
// whose line is removed does not count any more, a second later. While the file cannot be
// read, or has a mistake, the tokens that it had before count; one that is empty or gone
// admits nobody. It may be used by several goroutines at once.
type TokenFile struct {
	Log *slog.Logger // told when the file was read again, or why not; set before use, nil: nobody is

	path string
	now  func() time.Time

	mu     sync.Mutex
	tokens Tokens
	read   os.FileInfo // as it was when it was last read
	looked time.Time
	wrong  string // why it was last not read; "": it was
}

// OpenTokenFile reads a token file. Its errors are those of [os.Open] and [ReadTokens].
func OpenTokenFile(path string) (*TokenFile, error) {
	f := &TokenFile{path: path, now: time.Now}
	info, err := os.Stat(path)
	if err == nil {
		err = f.reread(info)
	}
	f.looked = f.now()
	return f, err
}

// Current returns the tokens that count now.
func (f *TokenFile) Current() Tokens {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	if now.Sub(f.looked) < lookAgain {
		return f.tokens
	}
	f.looked = now
	info, err := os.Stat(f.path)
	if err == nil && f.read != nil && os.SameFile(info, f.read) && info.ModTime().Equal(f.read.ModTime()) && info.Size() == f.read.Size() {
		return f.tokens
	}
	if err == nil {
		err = f.reread(info)
	}
	if errors.Is(err, errNoTokens) || errors.Is(err, fs.ErrNotExist) {
		f.tokens, f.read = Tokens{}, info
	}
	f.tell(err)
	return f.tokens
}

// reread reads the file; info is how it was found.
func (f *TokenFile) reread(info os.FileInfo) error {
	file, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // read only
	tokens, err := ReadTokens(file)
	if err != nil {
		return err
	}
	f.tokens, f.read = tokens, info
	return nil
}

// tell logs a problem once, and that it is over.
func (f *TokenFile) tell(err error) {
	wrong := ""
	var path *os.PathError
	switch {
	case errors.As(err, &path):
		wrong = path.Err.Error() // without the path
	case err != nil:
		wrong = err.Error()
	}
	switch {
	case f.Log == nil:
	case wrong == "":
		f.Log.Info("the token file was read again", slog.Int("tokens", len(f.tokens)))
	case wrong != f.wrong:
		f.Log.Error("the token file was not read again", slog.String("cause", wrong), slog.Int("tokens", len(f.tokens)))
	}
	f.wrong = wrong
}
