package asleepmcp_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ordered are the packages whose files rest on each other in one direction: no file uses
// a name of one that, directly or through others, uses a name of it.
var ordered = []string{"./tools/...", "./internal/serve/...", "./internal/nights", "./internal/members", "./internal/releases", "./internal/disclosure"}

// listed is what go list tells about a package.
type listed struct {
	Dir, ImportPath, Export string
	GoFiles                 []string
	Standard, DepOnly       bool
}

func TestFilesPointDown(t *testing.T) {
	t.Parallel()
	packages := goList(t, ordered...)
	exports := map[string]string{}
	for _, p := range packages {
		exports[p.ImportPath] = p.Export
	}
	fset := token.NewFileSet()
	known := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for _, p := range packages {
		if p.DepOnly {
			continue
		}
		uses := usesOf(t, fset, known, p)
		for file := range uses {
			for other, names := range uses[file] {
				assert.False(t, reaches(uses, other, file, map[string]bool{}),
					"%s: %s uses %s of %s, which rests on %s", p.ImportPath, file, strings.Join(names, ", "), other, file)
			}
		}
	}
}

func goList(t *testing.T, patterns ...string) (packages []listed) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"list", "-export", "-deps", "-json=Dir,ImportPath,Export,GoFiles,Standard,DepOnly"}, patterns...)...).Output()
	require.NoError(t, err)
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else { //nolint:revive // the scope of err
			require.NoError(t, err)
		}
		packages = append(packages, p)
	}
}

// usesOf are the names that each file uses of each other file of its package.
func usesOf(t *testing.T, fset *token.FileSet, known types.Importer, p listed) map[string]map[string][]string {
	t.Helper()
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, file)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	checked, err := (&types.Config{Importer: known}).Check(p.ImportPath, fset, files, info)
	require.NoError(t, err)
	uses := map[string]map[string][]string{}
	nameOf := func(pos token.Pos) string { return filepath.Base(fset.Position(pos).Filename) }
	for id, o := range info.Uses {
		if o.Pkg() != checked || !o.Pos().IsValid() || !declaredInPackage(o, checked) {
			continue
		}
		from, to := nameOf(id.Pos()), nameOf(o.Pos())
		if from == to {
			continue
		}
		if uses[from] == nil {
			uses[from] = map[string][]string{}
		}
		if !slices.Contains(uses[from][to], o.Name()) {
			uses[from][to] = append(uses[from][to], o.Name())
		}
	}
	return uses
}

// declaredInPackage reports whether an object is a package's own, a field or a method, and
// not local to a function.
func declaredInPackage(o types.Object, p *types.Package) bool {
	if v, ok := o.(*types.Var); ok && v.IsField() {
		return true
	}
	f, ok := o.(*types.Func)
	return o.Parent() == p.Scope() || ok && f.Signature().Recv() != nil
}

func reaches(uses map[string]map[string][]string, from, to string, seen map[string]bool) bool {
	if from == to {
		return true
	}
	if seen[from] {
		return false
	}
	seen[from] = true
	for next := range uses[from] {
		if reaches(uses, next, to, seen) {
			return true
		}
	}
	return false
}
