package analytics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestDbg(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{60, 150} {
		for _, rec := range []float64{.4, 1} {
			var v, a1, a5, d1, d5, s1, s5, w1 float64
			N := 4000.0
			for range int(N) {
				f := &follower{}
				for i := range n {
					if r.Float64() < rec {
						x := r.NormFloat64()
						f.lines.points = append(f.lines.points, Point{i, x})
						f.values = append(f.values, x)
					}
				}
				m := len(f.values)
				k := kendallOf(f.values, &f.order)
				f.ranks = make([]float64, m)
				sq := f.order.ranks(f.ranks)
				sc, l := scanOf(f.ranks, sq), lineOf(f.lines.points, f.ranks, sq)
				V := f.inflation(sc, l, sq)
				v += V
				root := math.Sqrt(V)
				fr := max(1, float64(m)/V-2)
				pd := max(k.p, studentP(k.z/root, fr))
				ps := sc.p(normalQuantile(studentP(sc.z/root, fr)))
				p := min(1, pd/.7, ps/.3)
				a1 += float64(oneIf(p < .01))
				a5 += float64(oneIf(p < .05))
				d1 += float64(oneIf(pd < .01))
				d5 += float64(oneIf(pd < .05))
				s1 += float64(oneIf(ps < .01))
				s5 += float64(oneIf(ps < .05))
				h := m / 2
				w := welchOf(Metric{}.sample(f.values[:h]), Metric{}.sample(f.values[h:]), V)
				w1 += float64(oneIf(w.p(w.difference) < .01))
			}
			fmt.Printf("n %d rec %.1f V %.3f any .01:%.4f .05:%.4f drift %.4f %.4f step %.4f %.4f welch.01 %.4f\n", n, rec, v/N, a1/N, a5/N, d1/N, d5/N, s1/N, s5/N, w1/N)
		}
	}
}
