package person

import (
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// maxSegments keeps an answer with stages within what a host shows.
const maxSegments = 500

func (out *getSessionOut) stages(s *asleep.Session, zone *time.Location, detail string) {
	if detail == "summary" {
		return
	}
	field := map[string]string{"stages": "segments", "epochs": "epochs"}[detail]
	if len(s.SleepStages) == 0 {
		tool.Lacks(&out.Caveats, analytics.NotMeasured, field)
		return
	}
	if detail == "epochs" {
		if all := len(s.SleepStages); all > maxEpochs {
			out.Warn("truncated", "The first %d of %d epochs are given.", maxEpochs, all)
		}
		out.Epochs, out.EpochSeconds = epochText(s.SleepStages), int(epoch.Seconds())
		out.SnoringMap = epochText(s.SnoringStages)
		return
	}
	names := stageNames
	if withoutStages(s) {
		names = twoStageNames
	}
	all := analytics.Segments(s.Start, epoch, stagesOf(s.SleepStages))
	if len(all) > maxSegments {
		out.Warn("truncated", "The first %d of %d segments are given; detail=epochs has more.", maxSegments, len(all))
		all = all[:maxSegments]
	}
	for _, g := range all {
		out.Segments = append(out.Segments, segment{names[g.Stage], tool.ClockOf(g.Start, zone), tool.Rounded(g.Length.Minutes(), 1)})
	}
}

const epoch = 30 * time.Second

var (
	stageNames = map[analytics.Stage]string{
		analytics.Unknown: "unknown", analytics.Wake: "wake", analytics.Light: "light", analytics.Deep: "deep", analytics.REM: "rem",
	}
	twoStageNames = map[analytics.Stage]string{
		analytics.Unknown: "unknown", analytics.Wake: "wake", analytics.Light: "sleep", analytics.Deep: "sleep", analytics.REM: "sleep",
	}
)

// stagesOf reads the service's stage codes; one it does not document is unknown.
func stagesOf(codes []int) []analytics.Stage {
	stages := make([]analytics.Stage, len(codes))
	for i, c := range codes {
		stages[i] = analytics.Unknown
		if c >= int(analytics.Wake) && c <= int(analytics.REM) {
			stages[i] = analytics.Stage(c)
		}
	}
	return stages
}

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
