package analytics_test

import (
	"fmt"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// Four weeks without screens after ten on the nights that the plan says, which helped by 20 minutes.
func ExampleTrial_Effects() {
	plan := analytics.PlanTrial(civil.Date{Year: 2026, Month: 3, Day: 2}, 2, 1)
	asleep := make([]float64, len(plan.Change))
	for i, changed := range plan.Change {
		asleep[i] = 420 + float64(i*i%11) // nights differ
		if changed {
			asleep[i] += 20
		}
	}
	effect := plan.Effects([]analytics.Column{{Name: "asleep_minutes", Values: asleep}}, plan.Change, 1)[0]
	fmt.Println(effect.Verdict, effect.PValue < 0.05)
	// Output: higher true
}
