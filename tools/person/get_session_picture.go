package person

import (
	"regexp"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/charts"
)

// wayToAsk is for whoever calls tools; a picture has controls.
var wayToAsk = regexp.MustCompile(` Its session_id is \S+`)

// Picture implements [tool.Pictured].
func (out getSessionOut) Picture() charts.Picture {
	title := "No night"
	if out.Night != "" || out.SessionID != "" {
		title = out.subject()
	}
	n := charts.Night{
		Frame:      frameOf(title, out.Subject, out.Coverage),
		FellAsleep: momentOf(out.FellAsleep), WokeUp: momentOf(out.WokeUp),
	}
	n.Subtitle = wayToAsk.ReplaceAllString(n.Subtitle, "")
	if d := out.drawn; d != nil {
		zone, err := time.LoadLocation(out.Timezone)
		if err != nil {
			zone = d.Zone
		}
		n.Start = d.Start.In(zone)
		if d.End != nil {
			n.End = d.End.In(zone)
		}
		for _, s := range out.split {
			n.Parts = append(n.Parts, charts.Part{Start: s.Start.In(zone), End: endOf(s).In(zone), FellAsleep: s.Onset, WokeUp: s.Wake})
		}
		n.Stages, n.Snoring, n.TwoStages = epochText(d.Codes), epochText(d.SnoringCodes), d.TwoStages && len(d.Codes) > 0
	}
	return n
}

// momentOf reads an instant of an answer; "" is none.
func momentOf(text string) time.Time {
	t, _ := time.Parse(time.RFC3339, text) // zero where there is none
	return t
}
