package tool

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// The code words of answers. The tests compare every answer with these lists, and
// docs/metrics.md explains every word in them.

// WarningCodes lists the codes of [Warning], in alphabetical order.
func WarningCodes() []string {
	return []string{
		"analysing",              // last night has no numbers yet
		"efficiency_not_a_ratio", // the service gave an efficiency above 1
		"estimated",              // regularity is estimated from the spread of clock times
		"few_nights",             // a mean of so few nights says little
		"gap",                    // unrecorded time inside a night
		"imports_missing",        // imported nights could not be read
		"in_progress",            // last night is still being recorded
		"left_out",               // recordings that are in no average, and why
		"missing_data",           // much of a recording was lost
		"no_nightly_numbers",     // this deployment gives averages only
		"offline",                // newer nights could not be asked for
		"other_sources",          // one source a night counts
		"overlap",                // compared periods share nights
		"partial_month",          // a month that is not over
		"preliminary",            // computed here from the stages known so far
		"repeated",               // ids that were given twice
		"reweighted",             // a score without one of its parts
		"scattered_times",        // clock times are too far apart for their means to say much
		"service_averages",       // averages are the service's own
		"source_change",          // nights were measured by several sources
		"split_night",            // a night of several recordings
		"stale",                  // the newest night is days old
		"truncated",              // the answer was cut
		"zone_change",            // nights were recorded in several zones
		"zone_unknown",           // no recording names a zone
	}
}

// Reasons lists why a field has no value, or why a night, a recording, a person or a
// group is left out, beside the reasons that package analytics gives.
func Reasons() []string {
	return []string{
		"analysing",          // a recording that ended and has no numbers yet
		"damaged",            // a recording that is too damaged to be analysed
		"few_people",         // a spread needs two
		"in_progress",        // a recording that is still running
		"forgotten",          // a person of whom nothing is to be kept
		"never_read",         // a person whose nights were not read yet, or not that far back
		"no_nightly_numbers", // this deployment gives averages only
		"no_nights",          // a person without any
		"not_enough_nights",  // fewer than a comparison needs
		"not_tagged",         // nobody wrote down on which nights a change was made
		"not_tracked",        // nothing was recorded
		"stale",              // a person of whom only an older period is kept
		"stopped_early",      // a trial that did not run to its end
		"trial_running",      // a trial that has not ended
		"split_night",        // a value that only single recordings have, in a night of several
		"too_short",          // a recording that is too short to be analysed

		// Figures that would tell about too few people.
		"differs_by_fewer_than_11_people",
		"fewer_than_11_people",
		"fewer_than_20_people",
		"would_tell_about_fewer_than_11_people",
	}
}

// Failures lists what a caller is told when a call fails for a reason other than its
// arguments, and when it is not known whose nights are meant. Tools also have failures
// of their own.
func Failures() []*Failure {
	ctx := context.Background()
	all := []*Failure{errNoKey, errNoDirectory, errNoDiary}
	for _, scope := range access.Scopes {
		if text := notFor[scope]; text != "" {
			all = append(all, &Failure{Code: Forbidden, Text: text})
		}
	}
	errs := []error{
		access.ErrNobody, access.ErrUnmapped, access.ErrStranger, access.ErrNotAllowed,
		context.DeadlineExceeded, context.Canceled, errors.New("unforeseen"),
		&directory.Invalid{Field: "database", Problem: "is not one"},
	}
	for _, code := range slices.Sorted(maps.Keys(upstreamTexts)) {
		errs = append(errs, &asleep.Error{Code: code})
	}
	errs = append(errs, &asleep.Error{Code: asleep.BadID}, &asleep.Error{Code: asleep.RateLimited})
	for _, kind := range slices.Sorted(maps.Keys(databaseTexts)) {
		unavailable := &directory.Unavailable{Kind: kind}
		errs = append(errs, unavailable, &archive.Fault{Database: unavailable, File: "nights.db"})
	}
	for _, err := range errs {
		all = append(all, explain(ctx, err, nil))
	}
	return all
}
