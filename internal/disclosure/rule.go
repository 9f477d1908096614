package disclosure

// MinimumPeople must be behind whatever can be derived from figures: no cell of one to
// ten, as the US Centers for Medicare & Medicaid Services demand of published figures, nor
// one that can be derived by subtraction.
const MinimumPeople = 11

// minimumRanked is this package's choice: five people lie beyond each quartile. Minima
// and maxima are never given, because each is a single person's value in any group.
const minimumRanked = 20

// Callers know their own nights and may be among the people, who are told the same as
// everybody: one more is needed.
const (
	LeastPeople = MinimumPeople + 1 // behind any figure, and on either side of any share
	LeastRanked = minimumRanked + 1 // behind quartiles and a median, which in a small group are single people's values
)
