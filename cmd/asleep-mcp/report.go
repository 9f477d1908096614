package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/report"
)

type reportCommand struct {
	Month   string `placeholder:"MONTH" help:"The month, such as 2026-10 (default the last full one)."`
	From    string `placeholder:"DATE" help:"First night, instead of a month."`
	To      string `placeholder:"DATE" help:"Last night, at most 92 after the first."`
	Name    string `placeholder:"TEXT" help:"Name to print on the page (default a line to write it on)."`
	Out     string `short:"o" placeholder:"FILE" help:"Write to this file, ending in .html or .pdf and readable by you alone (default sleep-MONTH.html)."`
	Paper   string `enum:"A4,a4,letter" default:"A4" placeholder:"A4|letter" help:"Paper size of a PDF (default A4)."`
	Force   bool   `help:"Replace the file if it exists."`
	Browser string `placeholder:"PROGRAM" help:"Chromium, Chrome or Edge to print a PDF with (default an installed one)."`
}

// mostReported is how many nights fit a page.
const mostReported = 92

func (k reportCommand) Run(p *program, ctx bound) error {
	c, err := p.settings.check(p.getenv)
	if err != nil {
		return err
	}
	days, err := k.days()
	if err == nil {
		err = errors.Join(k.checkOut(), c.offers(reportTools...))
	}
	if err != nil {
		return usageError{err}
	}
	var browser report.Browser
	if k.printed() {
		if browser, err = report.FindBrowser(k.Browser); err != nil {
			return err
		}
	}
	s, stop, err := c.newServer(ctx, c.logger(p.stderr, slog.LevelError))
	if err != nil {
		return err
	}
	defer stop()
	r, covered, err := reported(ctx, s, days, k.Name)
	if err != nil {
		return err
	}
	out := cmp.Or(k.Out, fmt.Sprintf("sleep-%s.html", fileDates(covered)))
	write := r.Write
	if k.printed() {
		r.Paper = k.Paper
		pdf, err := browser.Print(ctx, r, filepath.Dir(out))
		if err != nil {
			return err
		}
		write = func(w io.Writer) error { _, err := w.Write(pdf); return err }
	}
	if err := k.save(out, write); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s: %s\n", out, r.Coverage)
	return err
}

func (k reportCommand) printed() bool { return strings.EqualFold(filepath.Ext(k.Out), ".pdf") }

// days returns the dates that are asked about; nil is the last full month.
func (k reportCommand) days() (*nights.Days, error) {
	switch {
	case k.Month != "" && (k.From != "" || k.To != ""):
		return nil, errors.New("--month cannot be combined with --from and --to")
	case k.Month != "":
		month, err := time.Parse("2006-01", k.Month)
		if err != nil {
			return nil, fmt.Errorf("--month: %q is not a month; write one like 2026-10", k.Month)
		}
		return new(monthOf(civil.DateOf(month))), nil
	case k.From == "" && k.To == "":
		return nil, nil
	case k.From == "" || k.To == "":
		return nil, errors.New("--from and --to go together; or give --month")
	}
	from, to, err := datesOf(k.From, k.To)
	days := nights.Days{From: from, To: to}
	if err == nil && days.Len() > mostReported {
		err = fmt.Errorf("--from %s and --to %s are %d nights; a page shows at most %d", from, to, days.Len(), mostReported)
	}
	return &days, err
}

// monthOf returns the calendar month of a date.
func monthOf(date civil.Date) nights.Days {
	first := civil.Date{Year: date.Year, Month: date.Month, Day: 1}
	return nights.Days{From: first, To: first.AddMonths(1).AddDays(-1)}
}

// fileDates names dates in the name of a file.
func fileDates(days nights.Days) string {
	if days == monthOf(days.From) {
		return days.From.String()[:len("2026-10")]
	}
	return days.From.String() + "_" + days.To.String()
}

// checkOut reports why the file cannot be written, before anything is asked.
func (k reportCommand) checkOut() error {
	if k.Out == "" {
		return nil
	}
	if ext := strings.ToLower(filepath.Ext(k.Out)); ext != ".html" && ext != ".htm" && ext != ".pdf" {
		return fmt.Errorf("-o %q must end in .html or .pdf", k.Out)
	}
	if _, err := os.Lstat(k.Out); err == nil && !k.Force {
		return errExists(k.Out)
	}
	return nil
}

func errExists(file string) error {
	return fmt.Errorf("%s exists: choose another file, or add --force to replace it", file)
}

// save writes the file, for its owner alone, and no other one unless that is wanted.
func (k reportCommand) save(out string, write func(io.Writer) error) error {
	if k.Force {
		return replaceFile(out, write)
	}
	file, err := os.OpenFile(out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, ownerOnly)
	if errors.Is(err, fs.ErrExist) {
		return usageError{errExists(out)}
	}
	if err != nil {
		return fmt.Errorf("-o: %w", err)
	}
	if err := errors.Join(buffered(file, write), file.Close()); err != nil {
		return errors.Join(err, os.Remove(out))
	}
	return nil
}
