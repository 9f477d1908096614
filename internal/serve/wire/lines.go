package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"syscall"
)

var errTooLong = errors.New("line too long")

// readLine reads one line without its end, a byte order mark and blanks around it. It
// skips a line longer than [MaxMessage] and returns errTooLong for it; the last
// line may lack its end and comes with [io.EOF].
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		piece, err := r.ReadSlice('\n')
		if !long && len(line)+len(bytes.TrimRight(piece, "\r\n")) > MaxMessage {
			long, line = true, nil
		}
		if !long {
			line = append(line, piece...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case long && (err == nil || err == io.EOF):
			return nil, errTooLong
		default:
			return bytes.TrimSpace(withoutMark(line)), err
		}
	}
}

// byteOrderMark is what some programs write before a text.
var byteOrderMark = []byte("\xef\xbb\xbf")

func withoutMark(message []byte) []byte { return bytes.TrimPrefix(message, byteOrderMark) }

// answers is the way out: whole lines, one at a time. mcp-go writes each message
// with one Write.
type answers struct {
	lost    func() // called when out cannot be written any more
	pending pending
	asked   asked // of the client by this server

	mu  sync.Mutex // held as long as the reader lets a write take
	out io.Writer

	barrier barrier

	broken sync.Once
	err    atomic.Pointer[error] // why out broke, if that is a fault
}

// Write passes a message of mcp-go on, unless it answers a call that was cancelled:
// nobody waits for that, and the protocol wants none.
func (a *answers) Write(line []byte) (int, error) {
	m, why := inspect(line)
	answer := why == nil && m.method == ""
	if answer && !a.pending.wanted(m.id) {
		a.pending.done()
		return len(line), nil
	}
	if why == nil && m.wantsAnswer() {
		a.asked.add(m.id)
	}
	n, err := a.write(line)
	switch {
	case err != nil || why != nil:
	case answer:
		a.pending.done()
	default:
		a.barrier.written(line)
	}
	return n, err
}

// refuse answers a message that mcp-go was not shown.
func (a *answers) refuse(why *refusal) error {
	_, err := a.write(append(why.encode(), '\n'))
	return err
}

func (a *answers) write(line []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	n, err := a.out.Write(line)
	if err != nil {
		a.broken.Do(func() {
			fault := outputError(err)
			a.err.Store(&fault)
			a.lost()
		})
	}
	return n, err
}

// failed returns why out could not be written, nil when it could or when its
// reader left. It does not wait for a write that is under way.
func (a *answers) failed() error {
	if fault := a.err.Load(); fault != nil {
		return *fault
	}
	return nil
}

// outputError is what a failed write to out means: a reader that is gone is the
// end, anything else a fault.
func outputError(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		return nil
	}
	return fmt.Errorf("write answer: %w", err)
}
