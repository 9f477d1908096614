package analytics

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// covariance is that of n values of variance 1 by a wander.
func covariance(n, wander int) *mat.SymDense {
	c := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i + 1 {
			v := 0.0
			if wander > 0 {
				k := wander - 1
				v = signals[k%len(signals)] * math.Pow(correlations[k/len(signals)], float64(i-j))
			}
			if i == j {
				v = 1
			}
			c.SetSym(i, j, v)
		}
	}
	return c
}

// The mean squares of waves are those of the covariance.
func TestMeanSquaresOfWaves(t *testing.T) {
	t.Parallel()
	for _, n := range []int{7, 25, 26, 60} {
		var l likeness
		l.on(n)
		for wander := range wanders {
			c, left := covariance(n, wander), float64(n)
			mean := mat.Inner(mat.NewVecDense(n, ones(n)), c, mat.NewVecDense(n, ones(n))) / float64(n)
			used, logs := min(waves, n-1), 0.0
			for j := range used {
				wave := mat.NewVecDense(n, nil)
				for i := range n {
					wave.SetVec(i, math.Sqrt(2/float64(n))*math.Cos(math.Pi*float64(j+1)*(float64(i)+0.5)/float64(n)))
				}
				square := mat.Inner(wave, c, wave)
				assert.InEpsilon(t, square, 1/l.inverse[j][wander], 1e-9, "%d %d %d", n, wander, j)
				left, logs = left-square, logs+math.Log(square)
			}
			if rest := float64(n - 1 - used); rest > 0 {
				fast := (left - mean) / rest
				assert.InEpsilon(t, fast, 1/l.inverse[waves][wander], 1e-9)
				logs += rest * math.Log(fast)
			}
			assert.InDelta(t, logs, l.logs[wander], 1e-9)
		}
	}
}

func TestPartsOfWaves(t *testing.T) {
	t.Parallel()
	var l likeness
	l.on(40)
	values := make([]float64, 40)
	for i := range values {
		values[i] = 3 * math.Sqrt(2.0/40) * math.Cos(math.Pi*5*(float64(i)+0.5)/40)
	}
	for j, part := range l.parts(values) {
		assert.InDelta(t, 3*float64(oneIf(j == 4)), part, 1e-9)
	}
}

// The slope and its variance are those of least squares, by each wander.
func TestAlongside(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	const n = 30
	values, with, days := make([]float64, n), make([]float64, n), make([]int, n)
	for i := range n {
		values[i], with[i], days[i] = r.NormFloat64(), float64(i)-float64(n-1)/2, i
	}
	var like likeness
	var place regressor
	a := like.alongside(values, place.of(&like, with, days))
	intercept, slope := stat.LinearRegression(with, values, nil, false)
	assert.InDelta(t, slope, a.slope, 1e-9)
	residual := 0.0
	for i, v := range values {
		residual += (v - intercept - slope*with[i]) * (v - intercept - slope*with[i])
	}
	assert.InDelta(t, math.Sqrt(residual/(n-2)/dot(with, with)), a.error, 1e-9)
	assert.InDelta(t, stat.StdDev(values, nil)/math.Sqrt(residual/(n-2)), a.clarity, 1e-9)

	x := mat.NewVecDense(n, with)
	before := place.variances
	for k, variance := range before {
		assert.InEpsilon(t, mat.Inner(x, covariance(n, k), x)/dot(with, with), variance, 1e-9)
		assert.Positive(t, a.variances[k])
	}
	// A gap of a month is long, one of a week is not.
	for i := n / 2; i < n; i++ {
		days[i] += longGap - 1
	}
	assert.Equal(t, before, place.of(&like, with, days).variances)
	for i := n / 2; i < n; i++ {
		days[i] += 60
	}
	after := place.of(&like, with, days).variances
	assert.Greater(t, after[wanders-len(signals)], before[wanders-len(signals)], "halves that are apart do not hold each other back")
}

// Of values with a known wander, that is found, and its p holds.
func TestWandersAreFound(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	const n, times = 150, 200
	with, days := make([]float64, n), make([]int, n)
	for i := range n {
		with[i], days[i] = float64(i)-float64(n-1)/2, i
	}
	var like likeness
	var place regressor
	for pace := range paces {
		found, rare := 0.0, 0.0
		for range times {
			values, last := make([]float64, n), r.NormFloat64()
			for i := range values {
				rho := 0.0
				if pace > 0 {
					rho = correlations[pace-1]
				}
				last = rho*last + math.Sqrt(1-rho*rho)*r.NormFloat64()
				values[i] = last
			}
			a := like.alongside(values, place.of(&like, with, days))
			var who sleeper
			for range 6 { // as do six more metrics
				who.heard(a.paces())
			}
			prior := who.prior()
			a.weigh(prior)
			assert.InDelta(t, 1, dot(a.weights[:], ones(wanders)), 1e-9)
			found += prior[pace]
			if a.p(a.slope/a.error) < 0.05 {
				rare++
			}
			p := 0.01
			assert.InEpsilon(t, p, a.p(a.reach(p)), 1.1e-3)
		}
		assert.Greater(t, found/times, 1.4*expected[pace]+0.1, "%d", pace)
		assert.Less(t, rare/times, 0.18, "%d", pace)
	}
}
