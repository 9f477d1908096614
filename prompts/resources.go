package prompts

import _ "embed"

// Resource is one thing to read: Text, or the answer of Tool to a call without
// arguments, which is then about the caller's own nights. One of the two is "".
type Resource struct {
	URI         string
	Name        string // unique, kebab case
	Title       string // for people
	Description string
	MIMEType    string
	Text        string
	Tool        string
	Needs       []string // tools that Text is about, without which it is not offered
}

//go:embed guide.md
var guide string

// Resources lists the resources.
func Resources() []Resource {
	return []Resource{
		{
			URI:         "asleep://guide/metrics",
			Name:        "metrics-guide",
			Title:       "Guide to the numbers",
			Description: "What every number in an answer means, how it is computed, how many nights it needs, and what it does not mean.",
			MIMEType:    "text/markdown",
			Text:        guide,
		},
		{
			URI:         "asleep://me/last-night",
			Name:        "my-last-night",
			Title:       "My last night",
			Description: "The newest finished night of the caller's own Asleep user, as answered by the tool get_session.",
			MIMEType:    "application/json",
			Tool:        "get_session",
		},
		{
			URI:         "asleep://me/weekly-report",
			Name:        "my-weekly-report",
			Title:       "My last seven nights",
			Description: "The last seven nights of the caller's own Asleep user, as answered by the tool weekly_report.",
			MIMEType:    "application/json",
			Tool:        "weekly_report",
		},
	}
}
