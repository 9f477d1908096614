package main

import (
	"fmt"
	"time"
)

func (c config) zoneFinding() finding {
	if c.zone == nil {
		return finding{"zone", notSet, "today is the date where the newest recording was made; ASLEEP_TIMEZONE counts only where no recording names a zone"}
	}
	return finding{"zone", fine, fmt.Sprintf("%s, where it is %s; it counts only where no recording names a zone", c.zone, c.now().In(c.zone).Format("15:04"))}
}

// clockSlack is how far the clocks may differ before it matters to anybody.
const clockSlack = time.Minute

func (c config) clockFinding(heard heard, stopped bool) finding {
	f := finding{"clock", notChecked, "it takes the service's answer to compare"}
	switch {
	case stopped && c.demo:
		f.state, f.text = fine, "stopped by --now (ASLEEP_MCP_NOW)"
	case stopped:
		f.state, f.text = notFine, "stopped by --now (ASLEEP_MCP_NOW), so that last night is never the last one: leave it out"
	case heard.err != nil || heard.date.IsZero():
	case heard.apart.Abs() <= clockSlack:
		f.state, f.text = fine, "agrees with the service's"
	default:
		direction := "ahead of"
		if heard.apart < 0 {
			direction = "behind"
		}
		f.state = notFine
		f.text = fmt.Sprintf("%s %s the service's: let this machine set its clock by the network", heard.apart.Abs().Round(time.Second), direction)
	}
	return f
}
