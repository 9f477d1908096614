package person

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// forbidden are words, or beginnings of words, that no answer contains.
var forbidden = anyOf(
	// disorders and findings
	"apnea", "apnoea", "hypopnea", "ahi", "insomnia", "narcolep", "parasomn", "hypersomn", "bruxism", "restless leg", "syndrome",
	"disorder", "disease", "patholog", "symptom", "breathing index", "oxygen", "suffer",
	// judgements of a night or a person
	"normal", "abnormal", "healthy", "unhealthy", "bad", "poor", "good", "great", "excellent", "perfect", "fail", "well done", "congrat",
	"streak", "rank", "better than", "worse than", "most people", "average person", "too little sleep", "should", "must", "worry", "alarming",
	// what follows from it
	"risk", "mortality", "death", "dying", "heart attack", "stroke", "dementia", "diagnos", "treat", "therap", "cure", "danger",
	// what to take or do, and causes
	"medicat", "medicine", "melatonin", "supplement", "cpap", "pill", "sleep restriction",
	"caffeine", "coffee", "alcohol", "nicotine", "stress", "because of", "caused by", "due to", "drive", "driving",
)

// clinical are words that occur in the fixed sentences and nowhere else.
var clinical = anyOf("doctor", "clinic", "physician", "blood pressure", "gasping", "choking", "headache", "sleepiness", "pauses")

// anyOf finds words that begin like one of these.
func anyOf(words ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:` + strings.Join(words, "|") + `)`)
}

func checkWords(t *testing.T, text string) {
	t.Helper()
	for _, fixed := range []string{seeAboutSleep, seeAboutShort, seeAboutSnoring} {
		text = strings.ReplaceAll(text, fixed, "")
	}
	assert.Empty(t, forbidden.FindAllString(text, -1), text)
	assert.Empty(t, clinical.FindAllString(text, -1), text)
}

// texts returns all strings of an answer.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, item := range v {
			list = append(list, texts(item)...)
		}
		return list
	case map[string]any:
		return texts(slices.Collect(maps.Values(v)))
	}
	return nil
}

func TestTheFixedSentences(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "If it is loud most nights and there is also gasping or choking, pauses in breathing seen by others, sleepiness by day, "+
		"morning headache or high blood pressure, it is worth telling a doctor.", seeAboutSnoring)
	assert.Equal(t, "If falling or staying asleep is hard on three nights a week for three months and troubles the days, a doctor or sleep clinic can help; "+
		"if you feel rested, this needs no action.", seeAboutSleep)
	assert.Equal(t, "Those who sleep little for weeks often stop noticing that they are tired; if days are hard or sleep does not come, a doctor or sleep clinic can help. "+
		"Recordings that miss a part of the night look the same.", seeAboutShort)
	assert.Equal(t, []string{"risk", "Insomnia"}, forbidden.FindAllString("Your risks: Insomnia, not an asterisk.", -1), "the list works")
}

// TestWords checks every text of this package, in every form it can take.
func TestWords(t *testing.T) {
	t.Parallel()
	for code, text := range allInsightTexts() {
		checkWords(t, text)
		assert.Greater(t, len(text), 30, code)
	}
	for _, words := range changeWords {
		checkWords(t, words[0])
		checkWords(t, words[1])
	}
	for _, text := range reasonTexts {
		checkWords(t, text)
	}
	for _, metric := range analytics.Metrics() {
		assert.NotEmpty(t, metricWords[metric.Name].unit)
	}
}

// TestWordsOfAnswers checks what people of every kind are told.
func TestWordsOfAnswers(t *testing.T) {
	t.Parallel()
	everything := snoring(moved(weekAfter(tooltest.Usual, "60w 100l 60w 100l 100w"), 4*time.Hour, everyOther), 7, 0.9)
	for name, recordings := range map[string][]sandbox.Recording{
		"nobody":       nil,
		"healthy":      weekAfter(tooltest.Usual, tooltest.Usual),
		"much at once": everything,
		"worse":        weekAfter(tooltest.Usual, "20w 300l 100w"),
		"odd":          append(tooltest.Nightly(20, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual), tooltest.Slept("2026-11-23 04:00", "Europe/Paris", "100l 100w")),
		"never slept":  {tooltest.Slept("2026-11-22 23:00", "Europe/Paris", "400w")},
		"naps":         {tooltest.Slept("2026-11-22 15:00", "Europe/Paris", "60l")},
	} {
		w := tooltest.NewWorld(t, evening, tooltest.Person(recordings...))
		checkAnswers(t, w, name)
	}
	checkAnswers(t, tooltest.Demo(t, tooltest.Morning), "demo")
	checkAnswers(t, running(t, sandbox.Open, partOfANight), "running")
}

func checkAnswers(t *testing.T, w *tooltest.World, who string) {
	t.Helper()
	for _, one := range tooltest.AboutOnePerson() {
		var answer any
		require.NoError(t, json.Unmarshal(tooltest.Call(t, w, one.Name, `{}`), &answer), who)
		for _, text := range texts(answer) {
			checkWords(t, text)
		}
	}
}
