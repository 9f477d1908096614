package person

import (
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// maxSegments keeps an answer with stages as short as hosts show.
const maxSegments = 500

func (out *getSessionOut) stages(d *nights.Detail, zone *time.Location, detail string) {
	if detail == "summary" {
		return
	}
	field := map[string]string{"stages": "segments", "epochs": "epochs"}[detail]
	if len(d.Codes) == 0 {
		tool.Lacks(&out.Caveats, analytics.NotMeasured, field)
		return
	}
	if detail == "epochs" {
		if all := len(d.Codes); all > maxEpochs {
			out.Warn("truncated", "The first %d of %d epochs are given.", maxEpochs, all)
		}
		out.Epochs, out.EpochSeconds = epochText(d.Codes), int(nights.Epoch.Seconds())
		out.SnoringMap = epochText(d.SnoringCodes)
		return
	}
	names := stageNames
	if d.TwoStages {
		names = twoStageNames
	}
	all := analytics.Segments(d.Start, nights.Epoch, d.Stages())
	if len(all) > maxSegments {
		out.Warn("truncated", "The first %d of %d segments are given; detail=epochs has more.", maxSegments, len(all))
		all = all[:maxSegments]
	}
	for _, g := range all {
		out.Segments = append(out.Segments, segment{names[g.Stage], tool.ClockOf(g.Start, zone), tool.Rounded(g.Length.Minutes(), 1)})
	}
}

var (
	stageNames = map[analytics.Stage]string{
		analytics.Unknown: "unknown", analytics.Wake: "wake", analytics.Light: "light", analytics.Deep: "deep", analytics.REM: "rem",
	}
	twoStageNames = map[analytics.Stage]string{
		analytics.Unknown: "unknown", analytics.Wake: "wake", analytics.Light: "sleep", analytics.Deep: "sleep", analytics.REM: "sleep",
	}
)

// maxEpochs is a day of epochs, the longest recording there is.
const maxEpochs = 2880

func epochText(codes []int) string {
	var b strings.Builder
	for _, c := range codes[:min(len(codes), maxEpochs)] {
		if c < 0 || c > 9 {
			b.WriteByte('.')
			continue
		}
		b.WriteByte(byte('0' + c))
	}
	return b.String()
}
