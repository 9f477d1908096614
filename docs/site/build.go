package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// repository is where files that are no pages are read.
const repository = "https://github.com/asleep-mcp/asleep-mcp/blob/main/"

var (
	//go:embed page.html
	layoutText string
	//go:embed style.css
	style  []byte
	layout = template.Must(template.New("page").Parse(layoutText))

	// The pages are the project's own, so their HTML may stay.
	markdown = goldmark.New(
		goldmark.WithExtensions(extension.GFM),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(html.WithUnsafe()))
)

// document is a page that was read.
type document struct {
	page
	source []byte
	tree   ast.Node
}

// site is all pages, by file.
type site struct {
	root  fs.FS
	pages map[string]*document
	files map[string][]byte
}

// build returns the files of the site by name. The error names every link that leads
// nowhere.
func build(root fs.FS) (map[string][]byte, error) {
	s := &site{root: root, pages: map[string]*document{}, files: map[string][]byte{"style.css": style}}
	for _, section := range sections {
		for _, p := range section.Pages {
			source, err := fs.ReadFile(root, p.File)
			if err != nil {
				return nil, err
			}
			s.pages[p.File] = &document{p, source, markdown.Parser().Parse(text.NewReader(source))}
		}
	}
	var wrong []error
	for _, section := range sections {
		for _, p := range section.Pages {
			wrong = append(wrong, s.add(s.pages[p.File]))
		}
	}
	return s.files, errors.Join(wrong...)
}

// add renders a page, and takes along the pictures that it shows.
func (s *site) add(d *document) error {
	var wrong []error
	_ = ast.Walk(d.tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		var target *[]byte
		switch n := n.(type) {
		case *ast.Link:
			target = &n.Destination
		case *ast.Image:
			target = &n.Destination
		}
		if entering && target != nil {
			place, err := s.resolve(d.File, string(*target))
			*target, wrong = []byte(place), append(wrong, err)
		}
		return ast.WalkContinue, nil
	})
	var content, whole bytes.Buffer
	wrong = append(wrong,
		markdown.Renderer().Render(&content, d.source, d.tree),
		layout.Execute(&whole, map[string]any{
			"Title": d.Title, "Here": d.File, "Top": top(d.File), "Sections": sections,
			"Content": template.HTML(content.String()), //nolint:gosec // the project's own text
		}))
	s.files[place(d.File)] = whole.Bytes()
	return errors.Join(wrong...)
}

// resolve returns where a link of a page leads on the site.
func (s *site) resolve(from, link string) (string, error) {
	u, err := url.Parse(link)
	if err != nil || u.IsAbs() {
		return link, err
	}
	file := from
	if u.Path != "" {
		file = path.Join(path.Dir(from), u.Path)
	}
	fragment := ""
	if u.Fragment != "" {
		fragment = "#" + u.Fragment
	}
	if target, ok := s.pages[file]; ok {
		if u.Fragment != "" && !slices.Contains(target.anchors(), u.Fragment) {
			return "", fmt.Errorf("%s: %s has no heading #%s", from, file, u.Fragment)
		}
		return top(from) + place(file) + fragment, nil
	}
	info, err := fs.Stat(s.root, file)
	if err != nil {
		return "", fmt.Errorf("%s: the link %s leads nowhere", from, link)
	}
	if info.IsDir() || !picture(file) {
		return repository + file + fragment, nil
	}
	content, err := fs.ReadFile(s.root, file)
	s.files[file] = content
	return top(from) + file, err
}

// anchors returns the ids of a page's headings.
func (d *document) anchors() (ids []string) {
	_ = ast.Walk(d.tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if id, ok := n.AttributeString("id"); ok && entering && n.Kind() == ast.KindHeading {
			ids = append(ids, string(id.([]byte)))
		}
		return ast.WalkContinue, nil
	})
	return ids
}

func picture(file string) bool {
	return slices.Contains([]string{".svg", ".png"}, path.Ext(file))
}

// place returns the name of a page's file on the site.
func place(file string) string {
	if file == "README.md" {
		return "index.html"
	}
	return strings.ToLower(strings.TrimSuffix(file, ".md")) + ".html"
}

// Place is [place] for the menu.
func (p page) Place() string { return place(p.File) }

// top returns the way from a page to the top of the site.
func top(file string) string { return strings.Repeat("../", strings.Count(file, "/")) }
