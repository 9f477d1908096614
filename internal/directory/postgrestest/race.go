//go:build race

package postgrestest

const raced = true
