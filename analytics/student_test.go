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

// tail is a faster normalP, wherever a probability is above 0.
func TestTail(t *testing.T) {
	t.Parallel()
	for half := 1e-12; half < 700; half *= 1.05 {
		p, density := tail(half)
		assert.InEpsilon(t, normalP(math.Sqrt(2*half)), p, 1e-6, "%v", half)
		assert.InDelta(t, math.Exp(-half), density, 0)
	}
	p, _ := tail(0)
	assert.InDelta(t, 1, p, 1e-6)
	p, density := tail(math.Inf(1))
	assert.Zero(t, p+density)
}

// The slope of the probability is that between two near squares.
func TestStudentFalls(t *testing.T) {
	t.Parallel()
	for _, freedom := range []float64{3, 30, 170} {
		for _, square := range []float64{0.01, 1, 9, 40} {
			p, falls := studentOf(freedom).p(square)
			assert.InEpsilon(t, normalP(studentZ(math.Sqrt(square), freedom)), p, 1e-6)
			before, _ := studentOf(freedom).p(square * 0.999)
			after, _ := studentOf(freedom).p(square * 1.001)
			assert.InEpsilon(t, (before-after)/(0.002*square), falls, 1e-4, "%v %v", freedom, square)
		}
	}
}

// The reach is where the probability is that asked for, however unlike the wanders are.
func TestReach(t *testing.T) {
	t.Parallel()
	for _, freedom := range []float64{4, 33, 180} {
		for _, most := range []float64{1, 3, 60} {
			a := alongside{freedom: freedom}
			for k := range wanders {
				share := float64(k) / float64(wanders-1)
				a.weights[k], a.variances[k] = 1/float64(wanders), math.Pow(most, share)
			}
			for _, p := range []float64{0.9, 0.05, 0.003, 1e-5} {
				assert.InEpsilon(t, p, a.p(a.reach(p)), 1e-3, "%v %v %v", freedom, most, p)
			}
		}
	}
}
