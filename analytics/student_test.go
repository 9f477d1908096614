package analytics

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/stat/distuv"
)

func TestStudent(t *testing.T) {
	t.Parallel()
	for _, freedom := range []float64{3, 5, 10, 30, 170, 5000} {
		of := distuv.StudentsT{Sigma: 1, Nu: freedom}
		for _, x := range []float64{0, 0.1, 1, 1.96, 3.3, 5} {
			within := 0.03
			if freedom < 10 {
				within = 0.2
			}
			assert.InEpsilon(t, 2*of.Survival(x), normalP(studentZ(x, freedom)), within, "t %v, %v", x, freedom)
			assert.InDelta(t, studentZ(x, freedom), studentZ(-x, freedom), 0)
		}
	}
	assert.Zero(t, normalP(studentZ(math.Inf(1), 3)))
}
