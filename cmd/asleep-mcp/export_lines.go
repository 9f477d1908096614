package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

// exportLine is a recording as the sandbox reads it, with its number beside it.
type exportLine struct {
	User      string  `json:"user"`
	SessionID string  `json:"session_id"`
	Night     string  `json:"night"`
	Start     string  `json:"start"` // with its offset, as a local time may be ambiguous
	End       string  `json:"end,omitempty"`
	Timezone  string  `json:"timezone"`
	State     string  `json:"state,omitempty"`
	Stages    *string `json:"stages"` // null: they are not kept
	Snoring   *string `json:"snoring,omitempty"`

	Tags []string `json:"tags,omitempty"`
}

// lines writes a line for each recording, used or not.
func (x *export) lines(ctx context.Context, w io.Writer) error {
	for _, r := range x.window.Recordings() {
		line := exportLine{
			User: x.user, SessionID: r.ID, Night: r.Date.String(), Timezone: r.Zone.String(),
			Start: r.Start.In(r.Zone).Format(time.RFC3339), Tags: x.tagsOf(r.Date),
		}
		if !r.End.IsZero() {
			line.End = r.End.In(r.Zone).Format(time.RFC3339)
		}
		d, err := x.detail(ctx, r.ID)
		if err != nil {
			return err
		}
		if d != nil && len(d.Codes) > 0 {
			line.Stages = new(characters(d.Codes, 3))
			if len(d.SnoringCodes) == len(d.Codes) {
				line.Snoring = new(snoringCharacters(d.SnoringCodes))
			}
		}
		if err := json.MarshalWrite(w, line); err != nil {
			return err
		}
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
	}
	return nil
}

// snoringCharacters writes 1 where there was snoring and 0 elsewhere: the sandbox knows
// nothing in between.
func snoringCharacters(codes []int) string {
	b := make([]byte, len(codes))
	for i, c := range codes {
		b[i] = '0'
		if c == 1 {
			b[i] = '1'
		}
	}
	return string(b)
}

// detail returns a recording with its stages; nil if it is not kept.
func (x *export) detail(ctx context.Context, id string) (*nights.Detail, error) {
	d, err := x.person.Detail(ctx, id)
	if errors.Is(err, archive.ErrNoKey) {
		return nil, nil
	}
	return d, err
}
