package asleep

import (
	"context"
	"io"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Sizes of bodies in bytes, after decompression.
const (
	maxBody      = 8 << 20
	maxErrorBody = 64 << 10
	smallBody    = 256 << 10 // about 150 nights with all their numbers
)

// As many bodies arrive at a time as there are requests in flight. These limits bound the
// memory they take together.
const (
	maxLarge    = 2 // bodies larger than smallBody, from then on until they are decoded
	maxDecoding = 4 // bodies that are being decoded
)

// bodies bounds the memory that the bodies of a client's answers take.
type bodies struct{ large, decoding *semaphore.Weighted }

func newBodies() bodies {
	return bodies{semaphore.NewWeighted(maxLarge), semaphore.NewWeighted(maxDecoding)}
}

// Buffers hold a byte more than a body may have, so that a longer body is noticed.
var (
	smallBuffers = sync.Pool{New: func() any { return new([smallBody + 1]byte) }}
	largeBuffers = sync.Pool{New: func() any { return new([maxBody + 1]byte) }}
)

// read reads a body; of one that is too long it returns maxBody bytes and one more. Free
// must be called, also after an error, and the body must not be used after that.
func (b bodies) read(ctx context.Context, r io.Reader) (body []byte, free func(), err error) {
	small := smallBuffers.Get().(*[smallBody + 1]byte)
	free = func() { smallBuffers.Put(small) }
	n, err := fill(small[:], r)
	if err != nil || n < len(small) {
		return small[:n], free, err
	}
	if err := b.large.Acquire(ctx, 1); err != nil {
		return nil, free, err
	}
	large := largeBuffers.Get().(*[maxBody + 1]byte)
	n = copy(large[:], small[:])
	smallBuffers.Put(small)
	more, err := fill(large[n:], r)
	return large[:n+more], func() {
		largeBuffers.Put(large)
		b.large.Release(1)
	}, err
}

// decode calls do, a few at a time.
func (b bodies) decode(ctx context.Context, do func() error) error {
	if err := b.decoding.Acquire(ctx, 1); err != nil {
		return ended(ctx, nil)
	}
	defer b.decoding.Release(1)
	return do()
}

// fill reads until p is full or r at its end.
func fill(p []byte, r io.Reader) (n int, err error) {
	for n < len(p) && err == nil {
		var more int
		more, err = r.Read(p[n:])
		n += more
	}
	if err == io.EOF {
		err = nil
	}
	return n, err
}
