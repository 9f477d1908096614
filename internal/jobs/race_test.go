//go:build race

package jobs

func init() { raced = true }
