package disclosure

import "slices"

// MinimumPeople must be behind every figure: no cell of one to ten, as the US Centers
// for Medicare & Medicaid Services demand of published figures, nor one that can be
// derived by subtraction.
const MinimumPeople = 11

// minimumToRank is this package's choice: five people lie beyond each quartile. Minima
// and maxima are never given, because each is a single person's value in any group.
const minimumToRank = 20

// Rule is how many people of a group must be behind what is told about it.
type Rule struct {
	People    int // behind any figure, and on either side of any share
	Quartiles int // behind quartiles and a median, which in a small group are single people's values
}

// RuleFor returns the rule for a group, depending on whether the caller is in it. Callers
// know their own nights, and so could take themselves out of any count.
func RuleFor(callerIncluded bool) Rule {
	if callerIncluded {
		return Rule{MinimumPeople + 1, minimumToRank + 1}
	}
	return Rule{MinimumPeople, minimumToRank}
}

// Few reports whether a count of people is too small to be told; zero is not.
func (r Rule) Few(count int) bool { return count > 0 && count < r.People }

// AllowsCounts reports whether the counts of an answer may be told: all of them or none,
// because counts add up. A single one left out could be computed from the others, and
// would be known to be small.
func (r Rule) AllowsCounts(counts []int) bool { return !slices.ContainsFunc(counts, r.Few) }

// AllowsShare reports whether a part of a group may be told: both it and the rest must be
// large enough. A part that is nobody or everybody may not, as it tells about each person.
func (r Rule) AllowsShare(part, whole int) bool {
	return part >= r.People && whole-part >= r.People
}
