package surface

import (
	"cmp"
	_ "embed"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/skills"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// What the server is to clients and directories.
const (
	Name        = "asleep-mcp"
	Title       = "Asleep sleep data"
	Description = "Answers questions about a person's sleep from nights recorded with Asleep."
	Repository  = "https://github.com/asleep-mcp/asleep-mcp"
	Icon        = "https://raw.githubusercontent.com/asleep-mcp/asleep-mcp/main/mcpb/icon.png"
)

// Instructions is what a host may put before a model: at most 2,000 characters,
// because hosts cut what is longer.
//
//go:embed instructions.md
var Instructions string

// defaultTimeout is how long a call may take: so long that the caller has the
// answer within 30 s.
const defaultTimeout = 29 * time.Second

// Options say what a [Surface] is made of.
type Options struct {
	Tools     []tool.Tool      // each name once
	Prompts   []prompts.Prompt // those whose tools are among Tools are offered
	Resources []prompts.Resource
	Skills    []skills.Skill   // likewise
	Deps      *tool.Deps       // handed to every call
	Gated     bool             // callers are authenticated, and in the context
	Principal access.Principal // who is asking, without a gate
	Timeout   time.Duration    // of a call; 0: 29 s
	Log       *slog.Logger
	Watch     *watch.Watch // nil: nobody watches
}

// Surface is what a server offers. It may be used by several goroutines at once.
type Surface struct {
	Tools       *Tools
	Prompts     *Prompts
	Resources   *Resources // those of the skills, too
	Skills      *Skills
	Completions *Completions
	Gated       bool
	Timeout     time.Duration // of a call
}

// New fails where two things would have one name.
func New(o Options) (*Surface, error) {
	c := &calls{
		callers: callers{gated: o.Gated, principal: o.Principal},
		deps:    o.Deps, log: o.Log, watch: o.Watch, timeout: cmp.Or(o.Timeout, defaultTimeout),
	}
	offered, err := newTools(c, o.Tools)
	if err != nil {
		return nil, err
	}
	texts, badPrompts := newPrompts(c, offered, o.Prompts)
	instructions := newSkills(offered, o.Skills)
	documents, badResources := newResources(c, offered, slices.Concat(o.Resources, instructions.files()))
	if err := errors.Join(badPrompts, badResources); err != nil {
		return nil, err
	}
	return &Surface{
		Tools: offered, Prompts: texts, Resources: documents, Skills: instructions,
		Completions: &Completions{calls: c, tools: offered, prompts: texts},
		Gated:       o.Gated, Timeout: c.timeout,
	}, nil
}
