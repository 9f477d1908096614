package person

import (
	"fmt"
	"math"
	"strconv"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type insight struct {
	Code   string  `json:"code"`
	Text   string  `json:"text"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Nights int     `json:"nights"`
	Source string  `json:"source"`
}

// Sentences that send a person to a clinician. They are fixed, never composed.
const (
	seeAboutSnoring = "If it is loud most nights and there is also gasping or choking, pauses in breathing seen by others, sleepiness by day, " +
		"morning headache or high blood pressure, it is worth telling a doctor."
	seeAboutSleep = "If falling or staying asleep is hard on three nights a week for three months and troubles the days, a doctor or sleep clinic can help; " +
		"if you feel rested, this needs no action."
	seeAboutShort = "Those who sleep little for weeks often stop noticing that they are tired; if days are hard or sleep does not come, a doctor or sleep clinic can help. " +
		"Recordings that miss a part of the night look the same."
	restedIsEnough = "If you feel rested, this needs no action."
)

// insightTexts are the words of each insight. They state the value and what it is
// compared with; they name no disorder and no cause, and blame nobody.
var insightTexts = map[string]func(analytics.Insight) string{
	analytics.InsightShortSleep: func(i analytics.Insight) string {
		return fmt.Sprintf("Sleep in 24 hours was %s on average over %s; %s or more of reported sleep is recommended for adults, and measured sleep is shorter. %s",
			tool.HoursText(i.Value/60), tool.Count(i.Nights, "night"), tool.HoursText(*i.Limit/60), aboutShort(*i.Limit-i.Value))
	},
	analytics.InsightLowEfficiency: func(i analytics.Insight) string {
		return fmt.Sprintf("%s %% of the time in bed was sleep, on average over %s; sleep researchers count under %.0f %% as low. %s",
			pastLimit(i), tool.Count(i.Nights, "night"), *i.Limit, seeAboutSleep)
	},
	analytics.InsightLongLatency: func(i analytics.Insight) string {
		return fmt.Sprintf("Falling asleep took %s minutes on average over %s; sleep researchers count over %.0f as long. %s",
			pastLimit(i), tool.Count(i.Nights, "night"), *i.Limit, seeAboutSleep)
	},
	analytics.InsightAwakeLong: func(i analytics.Insight) string {
		what := "Time awake between falling asleep and the final awakening was %s minutes on average over %s, more than %.0f."
		if i.Metric != analytics.MetricAwake {
			what = "The longest time awake in the night was %s minutes on average over %s, more than %.0f."
		}
		return fmt.Sprintf(what+" %s", pastLimit(i), tool.Count(i.Nights, "night"), *i.Limit, seeAboutSleep)
	},
	analytics.InsightIrregular: func(i analytics.Insight) string {
		if i.From == nil {
			return fmt.Sprintf("Sleep times differed a lot from day to day (%s).", tool.Count(i.Nights, "night"))
		}
		what := "began"
		if i.Clock == analytics.MetricWake {
			what = "ended"
		}
		return fmt.Sprintf("Sleep %s at very different times, from %s to %s (%s).",
			what, tool.ClockText(*i.From), tool.ClockText(*i.To), tool.Count(i.Nights, "night"))
	},
	analytics.InsightWeekendShift: func(i analytics.Insight) string {
		direction := "later"
		if i.Value < 0 {
			direction = "earlier"
		}
		text := fmt.Sprintf("On Saturdays and Sundays the middle of sleep was %s %s: %s instead of %s",
			tool.HoursText(max(i.Value, -i.Value)/60), direction, tool.ClockText(*i.To), tool.ClockText(*i.From))
		if *i.Longer < catchUp {
			return text + "."
		}
		return fmt.Sprintf("%s, and sleep %s longer. Catching up on sleep can be useful.", text, tool.HoursText(*i.Longer/60))
	},
	analytics.InsightEfficiency: func(i analytics.Insight) string {
		return fmt.Sprintf("%s %% of the time in bed was sleep, less than your usual %s %% (%s).",
			decimal(i.Value), decimal(*i.Usual), tool.Count(i.Nights, "night"))
	},
	analytics.InsightStages: func(i analytics.Insight) string {
		return fmt.Sprintf("%s changed to %.0f %% of sleep from your usual %.0f %%. Stages are estimated from sound and differ between methods, so this alone says little.",
			capital(metricWords[i.Metric].name), i.Value, *i.Usual)
	},
	analytics.InsightSnoring: func(i analytics.Insight) string {
		return fmt.Sprintf("Snoring sound was recorded during 30 %% of sleep or more on %.0f of %s. The microphone hears everybody in the room. %s",
			i.Value, tool.Count(i.Nights, "night"), seeAboutSnoring)
	},
}

// catchUp is how many minutes more sleep of free days is called catching up.
const catchUp = 30

// farTooShort is how many minutes less sleep than recommended may not be felt any more,
// though they tell on attention (Van Dongen 2003: six hours and less, for two weeks).
const farTooShort = 120

// aboutShort says what to do about so many minutes less than recommended.
func aboutShort(missing float64) string {
	if missing < farTooShort {
		return restedIsEnough
	}
	return seeAboutShort
}

// pastLimit writes the value of an insight so that it does not read as the limit itself.
func pastLimit(i analytics.Insight) string {
	if tool.Rounded(i.Value, 1) == *i.Limit {
		return strconv.FormatFloat(i.Value, 'f', 2, 64)
	}
	return decimal(i.Value)
}

// decimal writes a number with one decimal if it has one: 30.4 must not read as 30 where
// more than 30 is meant.
func decimal(x float64) string { return strconv.FormatFloat(tool.Rounded(x, 1), 'f', -1, 64) }

// insightsOf words the insights about a period, with clock times later by the given
// seconds; never nil.
func insightsOf(found []analytics.Insight, later float64) []insight {
	list := make([]insight, 0, len(found))
	for _, i := range found {
		i.From, i.To = shifted(i.From, later), shifted(i.To, later)
		list = append(list, insight{
			Code: i.Code, Text: insightTexts[i.Code](i), Value: tool.Rounded(i.Value, 1), Unit: i.Unit, Nights: i.Nights, Source: i.Source,
		})
	}
	return list
}

// shifted returns a clock time later by the given seconds, in seconds after midnight.
func shifted(clock *float64, later float64) *float64 {
	if clock == nil || later == 0 {
		return clock
	}
	return new(math.Mod(*clock+later+2*daySeconds, daySeconds))
}

const daySeconds = 24 * tool.SecondsPerHour
