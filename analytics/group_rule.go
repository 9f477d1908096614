package analytics

// A GroupRule says how many people must stand behind what is told to somebody who
// may not see them one by one.
type GroupRule struct {
	People    int // behind any figure, on either side of any share, and apart in two groups
	Quartiles int // behind quartiles and a median, which in a small group are single people's values
}

// AggregateRule is the rule for figures of groups: no cell of one to ten people,
// as the US Centers for Medicare & Medicaid Services demand of published figures,
// nor one that can be had by subtraction. The twenty are this package's choice: five
// people lie beyond each quartile. There are no minima and maxima in a [Cohort],
// because each is a single person's value at any size.
func AggregateRule() GroupRule { return GroupRule{People: 11, Quartiles: 20} }

// Few says whether a count of people is too small to be told; none is not.
func (r GroupRule) Few(count int) bool { return count > 0 && count < r.People }

// Splits says whether a part of a group may be told: both it and the rest are
// large enough. A part that is nobody or everybody may not: it tells about each.
func (r GroupRule) Splits(part, whole int) bool {
	return part >= r.People && whole-part >= r.People
}
