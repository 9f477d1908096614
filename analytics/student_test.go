package analytics

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/stat/distuv"
)

func TestStudent(t *testing.T) {
	t.Parallel()
	for _, freedom := range []float64{1, 2.5, 6, 30, 170, 5000} {
		of := distuv.StudentsT{Sigma: 1, Nu: freedom}
		for _, x := range []float64{0, 0.1, 1, 1.96, 3.3, 8, 40} {
			assert.InEpsilon(t, 2*of.Survival(x), studentP(x, freedom), 1e-9, "t %v, %v", x, freedom)
			assert.InDelta(t, studentP(x, freedom), studentP(-x, freedom), 0)
		}
		if freedom < 5 {
			continue
		}
		for _, p := range []float64{0.5, 0.05, 0.01, 0.002} {
			assert.InEpsilon(t, of.Quantile(1-p/2), studentQuantile(p, freedom), 0.012, "p %v, %v", p, freedom)
		}
	}
	assert.InDelta(t, 1, studentP(3, 0), 0)
	assert.InDelta(t, 1, studentP(math.NaN(), 3), 0)
	assert.InDelta(t, 0, studentP(math.Inf(1), 3), 0)
}
