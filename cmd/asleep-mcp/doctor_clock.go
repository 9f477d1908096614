package main

import (
	"fmt"
	"time"
)

func (c config) zoneFinding() finding {
	if c.zone == nil {
		return finding{"zone", notSet, "the zone of the newest recording is used; ASLEEP_TIMEZONE is for recordings without one"}
	}
	return finding{"zone", fine, fmt.Sprintf("%s, where it is %s; used only for recordings without a zone", c.zone, c.now().In(c.zone).Format("15:04"))}
}

// clockSlack is how far the clocks may differ before it matters to anybody.
const clockSlack = time.Minute

func (c config) clockFinding(heard heard, stopped bool) finding {
	f := finding{"clock", notChecked, "needs a response from the service to compare with"}
	switch {
	case stopped && c.demo:
		f.state, f.text = fine, "frozen by --now (ASLEEP_MCP_NOW)"
	case stopped:
		f.state, f.text = problem, "frozen by --now (ASLEEP_MCP_NOW), so last night never changes: remove the setting"
	case heard.err != nil || heard.date.IsZero():
	case heard.apart.Abs() <= clockSlack:
		f.state, f.text = fine, "agrees with the service's clock"
	default:
		direction := "ahead of"
		if heard.apart < 0 {
			direction = "behind"
		}
		f.state = problem
		f.text = fmt.Sprintf("%s %s the service's clock: switch on automatic time on this machine", heard.apart.Abs().Round(time.Second), direction)
	}
	return f
}
