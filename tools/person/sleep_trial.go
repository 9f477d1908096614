package person

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type sleepTrialIn struct {
	UserID  string `json:"user_id,omitempty" jsonschema:"minLength=1,maxLength=128" jsonschema_description:"Default: the caller's own."`
	Action  string `json:"action,omitempty" jsonschema:"enum=start,enum=status,enum=result,enum=stop,example=status" jsonschema_description:"status, the default: what tonight has; result: once, after the last night; stop: permanent, the plan is never drawn again."`
	Change  string `json:"change,omitempty" jsonschema:"minLength=1" jsonschema_description:"To start: what is done on half of the nights, such as no screens after 22:00. Otherwise which trial; default: the latest."`
	Measure string `json:"measure,omitempty" jsonschema:"enum=asleep_minutes,enum=efficiency_percent,enum=latency_minutes,enum=awake_minutes,enum=snoring_minutes,enum=sleep_onset,enum=wake_time" jsonschema_description:"What the trial is about, chosen at the start; default asleep_minutes."`
	Weeks   int    `json:"weeks,omitempty" jsonschema:"minimum=4,maximum=12" jsonschema_description:"Even; default 4."`
}

// SleepTrial is the tool sleep_trial.
var SleepTrial = tool.Define(tool.Spec{
	Name:  "sleep_trial",
	Title: "A fair trial of one change",
	Description: "Test at the person's request whether one harmless change, made or not each evening, affects their sleep: nights with and without it " +
		"are chosen at random. Record each night on which it was made with tag_nights, with the change as the tag. " +
		"Use compare_nights for what happened without a plan. Not for medicines.",
	Toolset: tool.ToolsetDiary,
	Access:  tool.Writes,
}, sleepTrial)

const (
	leastTrialWeeks    = 4
	defaultTrialMetric = analytics.MetricAsleep

	// trialSeed draws the plans that a trial is held against: the same nights always get the
	// same answer.
	trialSeed = 1
)

func sleepTrial(ctx context.Context, d *tool.Deps, in sleepTrialIn) (out sleepTrialOut, err error) {
	diary, err := d.OpenDiary(ctx, in.UserID)
	if err != nil {
		return out, err
	}
	if err := in.check(); err != nil {
		return out, err
	}
	all, err := diary.Trials(ctx)
	if err != nil {
		return out, err
	}
	q, err := ask(ctx, d, About{UserID: in.UserID})
	if err != nil {
		return out, err
	}
	s := &trialQuestion{query: q, diary: diary, all: all, tonight: civil.DateOf(q.Now.In(q.Zone).Add(eveningEnds))}
	if in.Action == "start" {
		return out, s.start(ctx, in, &out)
	}
	if err := s.choose(in.Change); err != nil {
		return out, err
	}
	if in.Action == "stop" {
		if err := s.stop(ctx); err != nil {
			return out, err
		}
	}
	return out, s.answer(ctx, in.Action == "result", &out)
}

// eveningEnds makes the night to come that of today until five in the morning.
const eveningEnds = 19 * time.Hour

// trialQuestion is a call about somebody's trials.
type trialQuestion struct {
	*query
	diary   *tool.Diary
	all     []archive.Trial // the earliest first
	one     archive.Trial   // the one that is asked about; without a plan there is none
	tonight civil.Date      // night to come
}

func (in *sleepTrialIn) check() error {
	if in.Change != "" {
		change, ok := archive.TagText(in.Change)
		if !ok {
			return tool.Mistake("%s must be 1 to %d visible characters, received %s. For example %s.",
				tool.Argument("change"), archive.LongestTag, tool.ReceivedText(in.Change), startExample)
		}
		in.Change = change
	}
	switch {
	case in.Action != "start":
		return nil
	case in.Change == "":
		return tool.Mistake("%s must say what to test, received %s. For example %s.", tool.Argument("change"), tool.ReceivedText(""), startExample)
	case in.Weeks%2 != 0:
		return tool.Mistake("%s come in pairs, each day of the week once with the change and once without: received %s. For example %s.",
			tool.Argument("weeks"), tool.ReceivedText(fmt.Sprint(in.Weeks)), tool.ExampleWith("weeks", in.Weeks+1))
	}
	return nil
}

var startExample = tool.ExampleOfTwo("action", "start", "change", "no screens after 22:00")

// running returns the trial that goes on, nil if there is none.
func (s *trialQuestion) running() *archive.Trial {
	if n := len(s.all); n > 0 && stateBefore(s.tonight, s.all[n-1]) == trialRunning {
		return &s.all[n-1]
	}
	return nil
}

func (s *trialQuestion) runs(t archive.Trial) error {
	return tool.Mistake("%s is refused: the trial of %q runs until %s, and a plan is drawn only once. Received %s. Ask what tonight has with %s; stopping it is permanent.",
		tool.Argument("action"), t.Change, t.Last, tool.ReceivedText("start"), tool.ExampleWith("action", "status"))
}

// start draws a plan. Its first night is tonight, unless a trial that was stopped has told what
// tonight has: whoever does not like that cannot draw it again.
func (s *trialQuestion) start(ctx context.Context, in sleepTrialIn, out *sleepTrialOut) error {
	if t := s.running(); t != nil {
		return s.runs(*t)
	}
	first := s.tonight
	if n := len(s.all); n > 0 && stateBefore(s.tonight, s.all[n-1]) == trialStopped && !first.After(s.all[n-1].Last.AddDays(1)) {
		first = s.all[n-1].Last.AddDays(2)
	}
	weeks, measure := max(in.Weeks, leastTrialWeeks), in.Measure
	if measure == "" {
		measure = defaultTrialMetric
	}
	w, err := s.Window(ctx, nights.LastDays(weeks*daysInWeek, s.Today), 0)
	if err != nil {
		return err
	}
	if w.Sparse {
		return &tool.Failure{Code: tool.InvalidArgument, Text: "This Asleep deployment gives no numbers for single nights, so no trial could be evaluated here. Nothing was started."}
	}
	s.one = archive.Trial{First: first, Plan: drawn(first, weeks), Change: in.Change, Measure: measure}
	s.one.Last = s.one.Planned()
	switch err := s.diary.StartTrial(ctx, s.one); {
	case errors.Is(err, archive.ErrTrialRuns): // by another call at the same time
		return s.runs(s.one)
	case err != nil:
		return err
	}
	out.Head = s.head(w)
	s.describe(out)
	out.Summary = fmt.Sprintf("The trial of %q has started: %d nights, dated %s to %s, half of them with the change, chosen at random. ", in.Change, len(s.one.Plan), first, s.one.Last) + s.tonightText()
	before := s.effects(w, archive.Trial{First: w.From, Last: w.To, Plan: analytics.PlanTrial(w.From, weeks/2, trialSeed).Change, Measure: measure}, nil)[0]
	if out.Detectable = oneDecimal(before.Detectable); out.Detectable == nil {
		tool.Lacks(&out.Caveats, before.Missing, "detectable")
		out.Summary += " Too few earlier nights have a value to say how large an effect it could find."
		return nil
	}
	out.Summary += fmt.Sprintf(" If nights stay as they were in these %d days, an effect of %s on %s would be found four times in five.",
		w.Len(), metricWords[measure].amount(*out.Detectable), metricWords[measure].name)
	return nil
}

// drawn draws a plan that nobody can foresee.
func drawn(first civil.Date, weeks int) []bool {
	var seed [8]byte
	_, _ = rand.Read(seed[:]) // never fails
	return analytics.PlanTrial(first, weeks/2, binary.LittleEndian.Uint64(seed[:])).Change
}

// choose finds the trial that is asked about: the latest, or the latest of a change.
func (s *trialQuestion) choose(change string) error {
	for _, t := range slices.Backward(s.all) {
		if change == "" || t.Change == change {
			s.one = t
			return nil
		}
	}
	if change == "" {
		return nil
	}
	return tool.Mistake("There is no trial of this %s, received %s. Ask for the latest and the names of others with %s, or start one with %s.",
		tool.Argument("change"), tool.ReceivedText(change), tool.ExampleWith("action", "status"), startExample)
}

// stop ends the running trial with the night before tonight, at once for good.
func (s *trialQuestion) stop(ctx context.Context) error {
	stopped := false
	if t := s.running(); t != nil && t.First == s.one.First {
		s.one.Last = s.tonight.AddDays(-1)
		if s.one.Last.Before(t.First) {
			s.one.Last = t.First.AddDays(-1)
		}
		var err error
		if stopped, err = s.diary.StopTrial(ctx, s.one.Last); err != nil {
			return err
		}
	}
	if !stopped {
		return tool.Mistake("%s is refused: no such trial runs. Received %s. See what there is with %s.",
			tool.Argument("action"), tool.ReceivedText("stop"), tool.ExampleWith("action", "status"))
	}
	return nil
}

// describe writes what is told of a trial whatever was asked.
func (s *trialQuestion) describe(out *sleepTrialOut) {
	out.Trial = new(toldOf(s.one, s.tonight))
	out.others(s.all, s.one, s.tonight)
	if i := s.tonight.DaysSince(s.one.First); i >= 0 && !s.tonight.After(s.one.Last) {
		out.Tonight = &trialNight{s.tonight.String(), s.one.Plan[i]}
	}
}

// tonightText says what tonight has.
func (s *trialQuestion) tonightText() string {
	i := s.tonight.DaysSince(s.one.First)
	switch {
	case i < 0:
		return fmt.Sprintf("Its first night is that to %s.", s.one.First)
	case s.tonight.After(s.one.Last):
		return "It has no nights left."
	case s.one.Plan[i]:
		return fmt.Sprintf("Tonight, the night to %s: with the change.", s.tonight)
	}
	return fmt.Sprintf("Tonight, the night to %s: without the change.", s.tonight)
}

// answer tells how a trial stands; of one that has ended also its result, if that was asked for.
func (s *trialQuestion) answer(ctx context.Context, result bool, out *sleepTrialOut) error {
	days := nights.LastDays(1, s.Today)
	if s.one.Plan != nil {
		days = nights.Days{From: s.one.First, To: s.one.Last}.UpTo(s.Today)
		if days.From.After(days.To) {
			days.From = days.To
		}
	}
	w, err := s.Window(ctx, days, 0)
	if err != nil {
		return err
	}
	out.Head = s.head(w)
	if s.one.Plan == nil {
		out.Summary = `There is no trial yet. Start one with action start and the change to test.`
		return nil
	}
	s.describe(out)
	done, err := s.done(ctx)
	if err != nil {
		return err
	}
	out.follow(s.one, done, s.tonight)
	out.Summary = fmt.Sprintf("Trial of %q, %s to %s: ", s.one.Change, s.one.First, s.one.Planned())
	over := s.nightsOver()
	switch out.Trial.State {
	case trialRunning:
		out.Summary += fmt.Sprintf("%d of %d nights are over, %d are recorded. %s", over, len(s.one.Plan), s.recorded(w), s.tonightText())
		if result {
			tool.Lacks(&out.Caveats, "trial_running", "effect")
			out.Summary += " The result comes after the last night, not before: looking earlier makes chance look like an effect."
		}
		return nil
	case trialStopped:
		out.Summary += fmt.Sprintf("stopped after %d of %d nights, so this is not the trial that was planned", over, len(s.one.Plan))
	default:
		out.Summary += "it has ended"
	}
	switch {
	case !result:
		out.Summary += ". Get its result with action result."
	case out.Followed == nil:
		tool.Lacks(&out.Caveats, analytics.NoData, "effect")
		out.Summary += ". Without a night it has no result."
	case w.Sparse:
		tool.Lacks(&out.Caveats, noNightlyNumbers, "effect")
		out.Summary += ". Without numbers for single nights it has no result."
	default:
		s.warnStale(&out.Head, w)
		if done == nil {
			tool.Lacks(&out.Caveats, "not_tagged", "effect.by_doing")
		}
		effects := s.effects(w, s.one, done)
		out.tell(s.one, effects)
		out.warn(len(s.one.Plan), len(s.all))
		out.Summary += ": " + out.effectText(effects[0].Missing)
	}
	return nil
}

// nightsOver counts the nights of the trial that are over.
func (s *trialQuestion) nightsOver() int {
	return max(0, min(s.tonight.DaysSince(s.one.First), s.one.Last.DaysSince(s.one.First)+1))
}

// recorded counts the nights of the trial with a main sleep.
func (s *trialQuestion) recorded(w *nights.Window) (n int) {
	for i := range w.Nights {
		if len(w.Nights[i].Main) > 0 && !w.Nights[i].Date.Before(s.one.First) {
			n++
		}
	}
	return n
}

// done tells of each night of the plan whether it is tagged with the change; nil if none is.
func (s *trialQuestion) done(ctx context.Context) (done []bool, err error) {
	tags, err := s.diary.Tags(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tags {
		if i := t.Night.DaysSince(s.one.First); t.Tag == s.one.Change && i >= 0 && i < len(s.one.Plan) {
			if done == nil {
				done = make([]bool, len(s.one.Plan))
			}
			done[i] = true
		}
	}
	return done, nil
}

// effects analyses the nights of a window by a plan: the trial's measure first.
func (s *trialQuestion) effects(w *nights.Window, t archive.Trial, done []bool) []analytics.TrialEffect {
	planned := make([]*oneNight, len(t.Plan))
	for _, n := range s.nightsOf(w) {
		if i := n.Date.DaysSince(t.First); i >= 0 && !n.Date.After(t.Last) && n.slept() {
			planned[i] = n
		}
	}
	columns := []analytics.Column{columnOf(nightFieldNamed(t.Measure), planned)}
	for _, name := range comparedFields {
		if name != t.Measure {
			columns = append(columns, columnOf(nightFieldNamed(name), planned))
		}
	}
	return analytics.Trial{First: t.First, Change: t.Plan}.Effects(columns, done, trialSeed)
}
