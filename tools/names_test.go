package tools

import "github.com/asleep-mcp/asleep-mcp/tools/tooltest"

func init() { tooltest.Use(All()...) }
