package person

import (
	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Models see an answer more often than its schema, so what these two figures are stands in it.
const (
	socialJetlag = "social jetlag if Saturday and Sunday are free: middle of sleep on them less that on other days"
	whatMSFsc    = "MSFsc: middle of sleep on Saturday and Sunday, corrected for sleeping longer; holds if both are free and without an alarm. The average type has 04:15"
)

type weekend struct {
	Means      string  `json:"means"`
	Minutes    float64 `json:"minutes"`
	FreeMiddle string  `json:"weekend_mid_sleep"`
	WorkMiddle string  `json:"other_mid_sleep"`
	FreeNights int     `json:"weekend_nights"`
	WorkNights int     `json:"other_nights"`
	FreeHours  float64 `json:"weekend_sleep_hours"`
	WorkHours  float64 `json:"other_sleep_hours"`
}

type chronotype struct {
	Means    string `json:"means"`
	MidSleep string `json:"mid_sleep"`
}

// weekOf returns how much later and how long sleep is at weekends, and the chronotype; where
// they are not known it records why.
func (q *query) weekOf(h *tool.Head, w *nights.Window) (*weekend, *chronotype) {
	if w.Sparse {
		tool.Lacks(&h.Caveats, noNightlyNumbers, "weekend_shift", "chronotype")
		return nil, nil
	}
	shift, all := analytics.WeekendShiftOf(w.Nights, nil), w.Nights
	if shift.Shift.Value == nil {
		tool.Lacks(&h.Caveats, shift.Shift.Missing, "weekend_shift", "chronotype")
		return nil, nil
	}
	shown := shift
	if q.shown != nil {
		all = q.moved(all)
		shown = analytics.WeekendShiftOf(all, nil)
	}
	out := &weekend{
		Means:      socialJetlag,
		Minutes:    tool.Rounded(*shift.Shift.Value/tool.SecondsPerMinute, 0),
		FreeNights: shift.FreeNights, WorkNights: shift.WorkNights,
		FreeHours: tool.Rounded(*shift.FreeAsleep.Value/tool.SecondsPerHour, 2), WorkHours: tool.Rounded(*shift.WorkAsleep.Value/tool.SecondsPerHour, 2),
	}
	setClock(&h.Caveats, &out.FreeMiddle, "weekend_shift.weekend_mid_sleep", shown.FreeMidsleep)
	setClock(&h.Caveats, &out.WorkMiddle, "weekend_shift.other_mid_sleep", shown.WorkMidsleep)
	// Whether there is one is decided where the nights were slept.
	if own := analytics.ChronotypeOf(w.Nights, nil); own.Midsleep.Value == nil {
		tool.Lacks(&h.Caveats, own.Midsleep.Missing, "chronotype")
		return out, nil
	}
	c := &chronotype{Means: whatMSFsc}
	setClock(&h.Caveats, &c.MidSleep, "chronotype.mid_sleep", analytics.ChronotypeOf(all, nil).Midsleep)
	return out, c
}
