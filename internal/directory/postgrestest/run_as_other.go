//go:build !unix

package postgrestest

import "syscall"

func runAs(string) (*syscall.SysProcAttr, error) { return nil, errNone }
