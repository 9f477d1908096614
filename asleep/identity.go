package asleep

import (
	"cmp"
	"fmt"
	"time"
)

// wireIdentity is what every session has. The endpoints name its members
// differently; whichever name comes is taken.
type wireIdentity struct {
	ID            short    `json:"id"`
	SessionID     short    `json:"session_id"`
	StartTime     *instant `json:"start_time"`
	SessionStart  *instant `json:"session_start_time"`
	EndTime       *instant `json:"end_time"`
	SessionEnd    *instant `json:"session_end_time"`
	CompleteTime  *instant `json:"complete_time"`
	CompletedTime *instant `json:"completed_time"`
}

func (i *wireIdentity) id() string { return string(cmp.Or(i.ID, i.SessionID)) }

func (i *wireIdentity) start() time.Time { return moment(i.StartTime, i.SessionStart) }

func (i *wireIdentity) end() *time.Time { return (*time.Time)(cmp.Or(i.EndTime, i.SessionEnd)) }

func (i *wireIdentity) completed() *time.Time {
	return (*time.Time)(cmp.Or(i.CompleteTime, i.CompletedTime))
}

// lacks names the member that is missing, "" if none is.
func (i *wireIdentity) lacks() string {
	switch {
	case i.id() == "":
		return "id"
	case i.start().IsZero():
		return "start_time"
	}
	return ""
}

// check is lacks for the session at path.
func (i *wireIdentity) check(path string) error {
	if name := i.lacks(); name != "" {
		return fmt.Errorf("%s.%s is missing", path, name)
	}
	return nil
}

// moment returns the first time given, the zero time if none is.
func moment(times ...*instant) time.Time {
	if t := cmp.Or(times...); t != nil {
		return time.Time(*t)
	}
	return time.Time{}
}
