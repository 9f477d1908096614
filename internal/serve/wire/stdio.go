package wire

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

const (
	stdioWorkers = 16
	exitTime     = 2 * time.Second // for calls that do not notice that they were cancelled
)

// Stdio answers the messages on in, one a line, with lines on out, until in
// ends, out is closed by its reader, or ctx ends; each of these is success.
// What was asked before in ended is still answered. Only one Stdio may run in a
// process at a time. A read of in that is under way when ctx ends is left
// behind.
func (s *Server) Stdio(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := &answers{out: out, lost: cancel}
	ctx = withAsking(withBarrier(ctx, &answers.barrier))
	listener := server.NewStdioServer(s.mcp)
	listener.SetErrorLogger(constantLines(s.log))
	server.WithWorkerPoolSize(stdioWorkers)(listener)

	passed, pass := io.Pipe()
	go func() {
		err := s.filter(ctx, in, pass, answers)
		if err != nil && ctx.Err() == nil {
			s.log.LogAttrs(ctx, slog.LevelWarn, "input ended early", slog.String("cause", err.Error()))
		}
		for _, id := range answers.asked.left() { // whoever was asked will not answer any more
			_, _ = pass.Write(append((&refusal{code: mcp.INTERNAL_ERROR, text: "The client left.", id: id}).encode(), '\n'))
		}
		answers.pending.unwritten.wait(ctx, s.offers.Timeout+time.Second)
		_ = pass.Close() // of a pipe: always nil
	}()
	ended := make(chan error, 1)
	go func() { ended <- listener.Listen(ctx, passed, answers) }()

	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		select {
		case err = <-ended:
		case <-time.After(exitTime):
		}
	}
	_ = passed.CloseWithError(io.ErrClosedPipe) // ends filter
	if lost := answers.failed(); lost != nil {
		return lost
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// filter passes the messages of in on that mcp-go may see and answers the
// others. It ends with in.
func (s *Server) filter(ctx context.Context, in io.Reader, pass io.Writer, answers *answers) error {
	lines := bufio.NewReaderSize(in, 64<<10)
	for {
		line, err := readLine(lines)
		var failed error
		switch {
		case errors.Is(err, errTooLong):
			failed = answers.refuse(&refusal{code: mcp.INVALID_REQUEST, text: TooLong})
		case err != nil && !errors.Is(err, io.EOF):
			return err
		case len(line) > 0:
			failed = s.filterLine(ctx, line, pass, answers)
		}
		if failed != nil {
			return failed
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
	}
}

func (s *Server) filterLine(ctx context.Context, line []byte, pass io.Writer, answers *answers) error {
	m, why := inspect(line)
	if why == nil {
		why = s.checks.refuse(ctx, m)
	}
	var answer []byte
	if why == nil && s.skills.answers(m) {
		if why = checkEnvelope(m, nil); why == nil {
			answer, why = s.skills.answer(ctx, m)
		}
	}
	switch {
	case why != nil:
		return answers.refuse(why)
	case answer != nil:
		_, err := answers.write(append(answer, '\n'))
		return err
	case m.method == "" && !answers.asked.take(m.id):
		return nil // an answer, though nobody was asked
	case m.method == "":
	case m.wantsAnswer():
		answers.pending.add(m.id)
	case m.method == cancelled && !answers.pending.withdraw(cancelledBy(m)):
		return nil
	}
	_, err := pass.Write(append(line, '\n'))
	return err
}

// cancelledBy is the id of the request that a notification cancels; nil: none.
func cancelledBy(m message) json.RawMessage {
	var params struct {
		RequestID json.RawMessage `json:"requestId"`
	}
	if json.Unmarshal(m.params, &params) != nil {
		return nil
	}
	return params.RequestID
}
