package importers

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

const (
	longestRecord = 16 << 20 // bytes of one record, such as a row or an element
	headBytes     = 64 << 10 // what formats are told apart by
)

var errLong = fmt.Errorf("a record is longer than %d MB", longestRecord>>20)

// A fault is why a file cannot be read at all.
type fault struct {
	file  string
	where string // the record, "" for the file
	err   error
}

func (f *fault) Error() string {
	where := ""
	if f.where != "" {
		where = ", " + f.where
	}
	return fmt.Sprintf("%s%s: %v; nothing was imported", shown(f.file), where, f.err)
}

// shown returns the name of a file for a message: of a long one the end, which tells more.
func shown(name string) string {
	const longest = 60
	runes := []rune(name)
	if len(runes) > longest {
		name = "…" + string(runes[len(runes)-longest+1:])
	}
	return errtext.Text(name)
}

func (f *fault) Unwrap() error { return f.err }

// A stream is the text of a file in UTF-8.
type stream struct {
	*bufio.Reader

	closer  io.Closer
	counted *counted
	left    *atMost
}

// text opens a file. UTF-16 and marks at the beginning are understood; lines end in \n
// if lines is set.
func (f file) text(ctx context.Context, lines bool, progress func(int64)) (*stream, error) {
	r, err := f.open()
	if err != nil {
		return nil, &fault{file: f.name, err: err}
	}
	c := &counted{r: r, ctx: ctx, packed: f.packed, progress: progress}
	raw := bufio.NewReaderSize(c, headBytes)
	head, _ := raw.Peek(4)
	var in io.Reader = raw
	if decoder := decoderOf(head); decoder != nil {
		in = transform.NewReader(raw, decoder)
	}
	if lines {
		in = &newlines{r: bufio.NewReaderSize(in, headBytes)}
	}
	left := &atMost{r: in}
	left.next()
	return &stream{Reader: bufio.NewReaderSize(left, headBytes), closer: r, counted: c, left: left}, nil
}

// next allows another record.
func (s *stream) next() { s.left.next() }

func (s *stream) Close() { _ = s.closer.Close() }

// decoderOf returns what makes UTF-8 without a mark of a text that begins like this; nil
// when it is that already.
func decoderOf(head []byte) transform.Transformer {
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return unicode.UTF8BOM.NewDecoder()
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()
	case len(head) == 4 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()
	case len(head) == 4 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()
	}
	return nil
}

// counted counts what was read of a file, and stops a question that ended and a zip that
// grows out of all proportion.
type counted struct {
	r        io.Reader
	ctx      context.Context //nolint:containedctx // of one reading
	packed   int64
	n        int64
	progress func(int64)
}

func (c *counted) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.progress != nil {
		c.progress(int64(n))
	}
	switch {
	case c.n > mostBytes:
		return n, fmt.Errorf("it is larger than %d GB", mostBytes>>30)
	case c.packed > 0 && c.n > bombBytes && c.n/bombGrowth > c.packed:
		return n, fmt.Errorf("it is %d times as large as in its zip, which no export is", c.n/c.packed)
	}
	return n, err
}

// atMost fails when a record is too long to be one.
type atMost struct {
	r    io.Reader
	left int
}

func (a *atMost) next() { a.left = longestRecord }

func (a *atMost) Read(p []byte) (int, error) {
	if a.left <= 0 {
		return 0, errLong
	}
	n, err := a.r.Read(p[:min(len(p), a.left)])
	a.left -= n
	return n, err
}

// newlines makes every end of a line \n.
type newlines struct {
	r  *bufio.Reader
	cr bool // the last byte was \r
}

func (l *newlines) Read(p []byte) (int, error) {
	for {
		n, err := l.r.Read(p)
		kept := 0
		for _, b := range p[:n] {
			was := l.cr
			l.cr = b == '\r'
			switch {
			case b == '\r':
				b = '\n'
			case b == '\n' && was:
				continue
			}
			p[kept] = b
			kept++
		}
		if kept > 0 || err != nil || len(p) == 0 {
			return kept, err
		}
	}
}

// head returns the first bytes of a text.
func (f file) head(ctx context.Context) ([]byte, error) {
	s, err := f.text(ctx, true, nil)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	head, err := s.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &fault{file: f.name, err: err}
	}
	return head, nil
}
