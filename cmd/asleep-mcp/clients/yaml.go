package clients

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// setYAML gives the mapping at a path the values of another mapping, and keeps its other keys,
// everything else and the comments. Text that has all of it already is returned unchanged.
func setYAML(text []byte, values any, path ...string) ([]byte, error) {
	root, err := readYAML(text)
	if err != nil {
		return nil, err
	}
	var wanted yaml.Node
	if err := wanted.Encode(values); err != nil {
		return nil, err
	}
	mapping, made, err := mappingAt(root.Content[0], path)
	if err != nil {
		return nil, err
	}
	if changed := setValues(mapping, &wanted); !changed && !made {
		return text, nil
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := errors.Join(e.Encode(root), e.Close()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// mappingAt finds the mapping at a path, or makes it and those on the way.
func mappingAt(at *yaml.Node, path []string) (mapping *yaml.Node, made bool, err error) {
	for i, name := range path {
		child := yamlValue(at, name)
		if child == nil {
			child, made = &yaml.Node{Kind: yaml.MappingNode}, true
			at.Content = append(at.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, child)
		}
		if child.Kind != yaml.MappingNode {
			return nil, false, notMapping.err(strings.Join(path[:i+1], "."))
		}
		at = child
	}
	return at, made, nil
}

// setValues gives a mapping the values of another one, and reports whether that changed
// anything.
func setValues(mapping, wanted *yaml.Node) (changed bool) {
	for i := 0; i < len(wanted.Content); i += 2 {
		key, value := wanted.Content[i], wanted.Content[i+1]
		old := yamlValue(mapping, key.Value)
		switch {
		case old == nil:
			mapping.Content = append(mapping.Content, key, value)
		case sameYAML(old, value):
			continue
		default:
			value.HeadComment, value.LineComment, value.FootComment = old.HeadComment, old.LineComment, old.FootComment
			*old = *value
		}
		changed = true
	}
	return changed
}

// readYAML reads a document whose root is a mapping; an empty one has an empty
// mapping.
func readYAML(text []byte) (*yaml.Node, error) {
	var root yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(text))
	err := d.Decode(&root)
	switch {
	case errors.Is(err, io.EOF):
		return &yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}, nil
	case err != nil:
		return nil, notYAML(err)
	case root.Content[0].Kind != yaml.MappingNode:
		return nil, noKeys.err()
	}
	if err := root.Decode(new(map[string]any)); err != nil { // finds duplicate keys
		return nil, notYAML(err)
	}
	if !errors.Is(d.Decode(new(yaml.Node)), io.EOF) {
		return nil, manyDocuments.err()
	}
	return &root, nil
}

// notYAML names the line of the mistake, but not what is there.
func notYAML(err error) error {
	if line := regexp.MustCompile(`line \d+`).FindString(err.Error()); line != "" {
		return notYAMLIn.err(line)
	}
	return notYAMLAtAll.err()
}

// yamlValue returns what a mapping has under a name, nil for nothing.
func yamlValue(mapping *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return mapping.Content[i+1]
		}
	}
	return nil
}

func sameYAML(a, b *yaml.Node) bool {
	var x, y any
	return a.Decode(&x) == nil && b.Decode(&y) == nil && reflect.DeepEqual(x, y)
}
