//go:build !race

package postgrestest

const raced = false
