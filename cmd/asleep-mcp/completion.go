package main

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish,powershell" help:"bash, zsh, fish or powershell."`
}

// shells are those that there is completion for.
func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

//go:embed completion/asleep-mcp.bash
var bashCompletion string

//go:embed completion/asleep-mcp.zsh
var zshCompletion string

//go:embed completion/asleep-mcp.fish
var fishCompletion string

//go:embed completion/asleep-mcp.ps1
var powershellCompletion string

// Run prints what a shell has to read to complete commands.
func (k completionCommand) Run(p *program) error {
	script, ok := map[string]string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion, "powershell": powershellCompletion}[k.Shell]
	if !ok {
		return usageError{fmt.Errorf("there is no completion for %q; there is one for %s", k.Shell, strings.Join(shells(), ", "))}
	}
	_, err := io.WriteString(p.stdout, script)
	return err
}
