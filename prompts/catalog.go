package prompts

import (
	"strings"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// The arguments that several prompts take.
var (
	aboutUser = Argument{Name: "user_id", Kind: User, Description: "Asleep user id of the sleeper; leave it out for your own nights."}
	aboutZone = Argument{Name: "timezone", Kind: Zone, Description: "IANA zone to show clock times in, such as Europe/Paris; default: where each night was recorded. Dates do not change."}
)

// All lists the prompts.
func All() []Prompt {
	return []Prompt{
		{
			Name:        "weekly_coaching_summary",
			Title:       "Weekly coaching summary",
			Description: "A short coaching note about one week of sleep, with at most one small step to try. Use monthly_review for longer changes, explain_last_night for one night.",
			Arguments: []Argument{aboutUser, {
				Name: "week_ending", Kind: Date, Description: "Last of the seven nights, YYYY-MM-DD; default: today.",
			}, aboutZone},
			Tools: []string{"weekly_report", "sleep_score"},
		},
		{
			Name:        "explain_last_night",
			Title:       "Explain last night",
			Description: "What was recorded last night, or in a given session, in plain words and compared with the person's usual nights. Use weekly_coaching_summary for a week.",
			Arguments: []Argument{aboutUser, {
				Name: "session_id", Kind: Session, Description: "Session id from list_sessions; default: the newest finished night.",
			}, aboutZone},
			Tools: []string{"get_session", "average_stats"},
		},
		{
			Name:        "monthly_review",
			Title:       "Monthly review",
			Description: "One month of sleep compared with the months before it: what clearly changed, what did not, and how certain that is. Use weekly_coaching_summary for the last days.",
			Arguments: []Argument{aboutUser, {
				Name: "month", Kind: Month, Description: "Calendar month to review, YYYY-MM; default: the last 30 nights.",
			}, aboutZone},
			Tools: []string{"average_stats", "sleep_score", "monthly_trends"},
		},
		{
			Name:        "weekday_pattern",
			Title:       "Days of the week",
			Description: "On which days of the week a person sleeps longer or shorter, beyond chance, and whether weekends differ. Use monthly_review for changes over time.",
			Arguments: []Argument{aboutUser, {
				Name: "until", Kind: Date, Description: "Last night to include, YYYY-MM-DD; default: today.",
			}, aboutZone},
			Tools: []string{"find_nights", "compare_nights"},
		},
		{
			Name:        "fair_trial",
			Title:       "A fair trial of one change",
			Description: "Starts, follows or evaluates a trial of one change, made on randomly chosen nights of one's own; needs the diary tools. Use weekday_pattern for patterns that need no trial.",
			Arguments:   []Argument{aboutUser},
			Tools:       []string{"sleep_trial"},
		},
		{
			Name:        "prepare_doctor_visit",
			Title:       "Prepare a doctor's visit",
			Description: "One page to take to a clinician: what was recorded, what the person reports, questions to ask. Observations only, no diagnosis. Use monthly_review for yourself.",
			Arguments: []Argument{aboutUser, {
				Name: "until", Kind: Date, Description: "Last night to include, YYYY-MM-DD; default: today.",
			}, aboutZone},
			Tools: []string{"average_stats", "list_sessions", "monthly_trends"},
		},
		{
			Name:        "cohort_briefing",
			Title:       "Briefing about a group",
			Description: "How the members of an organization sleep as a group, for people who may see its aggregates; nobody is singled out. Use weekly_coaching_summary for one person.",
			Arguments: []Argument{{
				Name: "organization", Kind: Organization, Required: true, Description: "Id of the organization.",
			}},
			Tools: []string{"organization_statistics"},
		},
	}
}

// Find returns the prompt of that name among all. The error is a [*Mistake] that lists
// them.
func Find(all []Prompt, name string) (Prompt, error) {
	known := make([]string, len(all))
	for i, p := range all {
		if p.Name == name {
			return p, nil
		}
		known[i] = p.Name
	}
	return Prompt{}, mistake("There is no prompt %s. Known: %s.", errtext.Text(name), strings.Join(known, ", "))
}
