package analytics

import (
	"math/bits"
	"slices"
)

// deals is how often the nights of two sides are dealt again, beside the sides that they
// were on: the parts of [FalseAlarms] are whole numbers of them.
const deals = 399

// dealt are nights on two sides at random, many times: of each deal the nights of one side,
// as a set of bits, 64 to a word.
type dealt struct {
	part  int // nights on that side
	words int // of a side
	all   []uint64
}

const wordNights = 64

func wordsOf(nights int) int { return (nights + wordNights - 1) / wordNights }

// No answer is random: as many nights are always dealt in the same ways.
const dealSeed = 0xD1B54A32D192ED03

// dealOf deals so many nights, of which part, at most half, come to one side.
func dealOf(nights, part int) dealt {
	d := dealt{part: part, words: wordsOf(nights)}
	d.all = make([]uint64, deals*d.words)
	r := generator(dealSeed)
	for deal := range deals {
		r.choose(d.side(deal), nights, part)
	}
	return d
}

func (d dealt) side(deal int) []uint64 { return d.all[deal*d.words : (deal+1)*d.words] }

// choose chooses part of the nights. For each night a coin is tossed, or several where few
// nights are wanted; then one night after the other joins the others, or leaves them, until
// there are as many as wanted. No step prefers a night to another, so that every set of so
// many nights is as likely.
func (r *generator) choose(side []uint64, nights, part int) {
	lacking := part
	for word := range side {
		side[word] = r.next()
		for expected := nights / 2; 8*expected > 9*part; expected /= 2 {
			side[word] &= r.next()
		}
		if rest := nights - word*wordNights; rest < wordNights {
			side[word] &= 1<<rest - 1
		}
		lacking -= bits.OnesCount64(side[word])
	}
	joins := uint64(1)
	if lacking < 0 {
		joins, lacking = 0, -lacking
	}
	for lacking > 0 {
		at, _ := bits.Mul64(r.next(), uint64(nights))
		word, bit := &side[at/wordNights], at%wordNights
		moves := *word>>bit&1 ^ joins // what chance decides is not branched on
		*word ^= moves << bit
		lacking -= int(moves)
	}
}

// A generator makes random bits.
//
// Source: G. L. Steele, D. Lea and C. H. Flood, Fast Splittable Pseudorandom Number
// Generators, OOPSLA 2014.
type generator uint64

func (r *generator) next() uint64 {
	*r += 0x9E3779B97F4A7C15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

const (
	atOnce      = 4 // lists of values are added up at once
	nightsOfSum = 4 // neighbouring nights of which the sums of all choices are known
)

// sideSums are the sums of the values of the nights on one side, for several lists of values
// and all deals. They are not added up night by night, but from the sums of all choices of
// neighbouring nights.
type sideSums struct {
	of    [atOnce][deals]float64 // of each list, by deal
	fours [][1 << nightsOfSum][atOnce]float64
}

func (s *sideSums) add(lists [][]float64, d dealt) {
	s.prepare(lists)
	for deal := range deals {
		var a, b, c, e float64
		rest := s.fours
		for _, nights := range d.side(deal) {
			here := rest[:min(len(rest), wordNights/nightsOfSum)]
			for i := range here {
				sums := &here[i][nights%(1<<nightsOfSum)]
				a, b, c, e = a+sums[0], b+sums[1], c+sums[2], e+sums[3]
				nights >>= nightsOfSum
			}
			rest = rest[len(here):]
		}
		s.of[0][deal], s.of[1][deal], s.of[2][deal], s.of[3][deal] = a, b, c, e
	}
}

func (s *sideSums) prepare(lists [][]float64) {
	n := (len(lists[0]) + nightsOfSum - 1) / nightsOfSum
	s.fours = slices.Grow(s.fours[:0], n)[:n]
	for i := range s.fours {
		sums := &s.fours[i]
		for choice := 1; choice < len(sums); choice++ {
			night := nightsOfSum*i + bits.TrailingZeros(uint(choice))
			sums[choice] = sums[choice&(choice-1)]
			for j, values := range lists {
				if night < len(values) {
					sums[choice][j] += values[night]
				}
			}
		}
	}
}
