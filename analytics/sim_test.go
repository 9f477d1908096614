package analytics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/asleep-mcp/asleep-mcp/analytics"
)

type simP struct {
	sd, bedSD, phi, bphi, weekend, rec float64
	kurt                               bool
}

func hv(r *rand.Rand) float64 {
	s := 0.0
	for range 5 {
		z := r.NormFloat64()
		s += z * z
	}
	return r.NormFloat64() / math.Sqrt(s/5) * math.Sqrt(3.0/5)
}

func (p simP) nights(r *rand.Rand, days int, plant func(i int, asleep, bed *float64)) []analytics.Night {
	var out []analytics.Night
	a, b := hv(r), hv(r)
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for i := range days {
		a = p.phi*a + math.Sqrt(1-p.phi*p.phi)*hv(r)
		b = p.bphi*b + math.Sqrt(1-p.bphi*p.bphi)*hv(r)
		if r.Float64() > p.rec {
			continue
		}
		asleep, bed := 430+p.sd*a, -10+p.bedSD*b
		if i%7 >= 5 {
			bed += p.weekend
			asleep += p.weekend / 3
		}
		if plant != nil {
			plant(i, &asleep, &bed)
		}
		asleep = max(60, asleep)
		m := func(x float64) time.Duration { return time.Duration(x * float64(time.Minute)).Round(time.Second) }
		lat, awake, sn := 10*math.Exp(.6*r.NormFloat64()), 25*math.Exp(.5*r.NormFloat64()), 20*math.Exp(.8*r.NormFloat64())
		mid := start.AddDate(0, 0, i)
		s := analytics.Session{ID: fmt.Sprint(i), Zone: time.UTC, Start: mid.Add(m(bed))}
		s.Onset = s.Start.Add(m(lat))
		s.Asleep, s.Awake = m(asleep), m(awake)
		s.Wake = s.Onset.Add(s.Asleep + s.Awake)
		s.End = s.Wake.Add(5 * time.Minute)
		s.InBed = s.End.Sub(s.Start)
		s.Latency, s.Snoring = new(m(lat)), new(m(sn))
		n := 0
		for range 6 {
			if r.Float64() < .3 {
				n++
			}
		}
		s.Awakenings = &n
		out = append(out, analytics.Night{Date: civil.DateOf(mid), Main: []analytics.Session{s}})
	}
	return out
}

func ranges(ns []analytics.Night) (out []analytics.Ranges) {
	by := map[int][]analytics.Night{}
	lo, hi := 99, 0
	for _, n := range ns {
		k := int(n.Date.Month)
		by[k] = append(by[k], n)
		lo, hi = min(lo, k), max(hi, k)
	}
	for k := lo + 1; k <= hi; k++ {
		out = append(out, analytics.Ranges{Earlier: by[k-1], Later: by[k]})
	}
	return out
}

func TestSim(t *testing.T) {
	if os.Getenv("SIM") == "" {
		t.Skip()
	}
	N := 600
	run := func(name string, p simP, days int, plant func(i int, a, b *float64)) {
		r := rand.New(rand.NewPCG(1, 2))
		any, tr, mo := 0, 0, 0
		dir := map[string]map[string]int{}
		for range N {
			ns := p.nights(r, days, plant)
			cs, ch := analytics.Courses(ns, analytics.CourseMetrics(), ranges(ns), 10)
			at, am := false, false
			for _, c := range cs {
				if dir[c.Metric.Name] == nil {
					dir[c.Metric.Name] = map[string]int{}
				}
				dir[c.Metric.Name][string(c.Direction)+string(c.Shape)]++
				if c.Direction != analytics.NoClearTrend && c.Direction != analytics.NotEnoughNights {
					at = true
				}
			}
			for _, c := range ch {
				if c.Verdict.Differs() {
					am = true
				}
			}
			if at {
				tr++
			}
			if am {
				mo++
			}
			if at || am {
				any++
			}
		}
		if plant == nil {
			fmt.Printf("%-40s any %.1f%% trend %.1f%% month %.1f%%\n", name, 100*float64(any)/float64(N), 100*float64(tr)/float64(N), 100*float64(mo)/float64(N))
		} else {
			fmt.Printf("%-40s asleep %v bed %v month %.1f%%\n", name, dir["asleep_minutes"], dir["bedtime_minutes"], 100*float64(mo)/float64(N))
		}
	}
	for _, days := range []int{60, 92, 183} {
		for _, phi := range []float64{0, .5, .8, .9} {
			for _, rec := range []float64{.4, .9} {
				run(fmt.Sprintf("null days %d phi %.1f rec %.1f", days, phi, rec), simP{60, 70, phi, phi, 60, rec, true}, days, nil)
			}
		}
	}
	for _, sd := range []float64{35, 50, 70, 95} {
		for _, rec := range []float64{.4, .75, .9} {
			for _, sl := range []float64{15, 30} {
				run(fmt.Sprintf("trend %.0f sd %.0f rec %.2f", sl, sd, rec), simP{sd, sd, 0, 0, 60, rec, true}, 183, func(i int, a, b *float64) { *a -= sl * float64(i) / 30.4; *b += sl * float64(i) / 30.4 })
			}
		}
	}
	for _, at := range []int{90, 150} {
		for _, size := range []float64{30, 45, 60} {
			run(fmt.Sprintf("step %.0f at %d sd 60", size, at), simP{60, 60, .2, .3, 60, .75, true}, 183, func(i int, a, b *float64) {
				if i >= at {
					*a -= size
					*b += size
				}
			})
		}
	}
}
