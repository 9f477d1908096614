package asleepmcp_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// The files below deploy/ agree with the program: they name settings, flags and metrics
// that exist, one image, and ports that meet. Nothing here starts a container.

const (
	composeFile    = "deploy/compose.yaml"
	kubernetesFile = "deploy/kubernetes.yaml"
	unitFile       = "deploy/systemd/asleep-mcp.service"
	unitSettings   = "deploy/systemd/asleep-mcp.env"
	image          = "ghcr.io/asleep-mcp/asleep-mcp:latest"
)

// documents reads all documents of a YAML file.
func documents(t *testing.T, file string) (all []map[string]any) {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(text(t, file)))
	for {
		var one map[string]any
		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err, file)
		all = append(all, one)
	}
}

// at follows a path of keys and indexes into a document.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, ok := v.(map[string]any)
			require.True(t, ok, "no %v in %v", step, v)
			v = m[step]
		case int:
			list, ok := v.([]any)
			require.True(t, ok && step < len(list), "no %v in %v", step, v)
			v = list[step]
		}
	}
	return v
}

// checkCommand checks the arguments of a container: a command that exists, and its flags.
func checkCommand(t *testing.T, args any) (listens string) {
	t.Helper()
	list, ok := args.([]any)
	require.True(t, ok)
	command := list[0].(string)
	help := runProgram(t, "", command, "--help")
	for i, arg := range list[1:] {
		flag := arg.(string)
		if strings.HasPrefix(flag, "--") {
			known := strings.Contains(help, strings.Replace(flag, "--no-", "--[no-]", 1)) || strings.Contains(help, flag)
			assert.True(t, known, "%s has no %s", command, flag)
		}
		if flag == "--addr" {
			listens = strings.TrimPrefix(list[i+2].(string), ":")
		}
	}
	return listens
}

func TestDeploymentNamesSettingsThatExist(t *testing.T) {
	known := runProgram(t, "", "http", "--help") + "ASLEEP_API_KEY ASLEEP_MCP_WEBHOOK_KEY"
	for _, file := range []string{composeFile, kubernetesFile, unitSettings, "deploy/grafana/alerts.yaml", "docs/operations.md"} {
		for _, name := range regexp.MustCompile(`\bASLEEP_[A-Z_]+[A-Z]`).FindAllString(text(t, file), -1) {
			assert.Contains(t, known, name, "%s names %s", file, name)
		}
	}
}

func TestComposeFile(t *testing.T) {
	all := documents(t, composeFile)
	require.Len(t, all, 1)
	server := at(t, all[0], "services", "asleep-mcp")
	assert.Equal(t, image, at(t, server, "image"))
	port := checkCommand(t, at(t, server, "command"))
	assert.Equal(t, []any{"127.0.0.1:" + port + ":" + port}, at(t, server, "ports"))
	assert.Contains(t, text(t, "Dockerfile"), "USER "+at(t, server, "user").(string))
	build := at(t, server, "build", "context").(string)
	assert.FileExists(t, filepath.Join("deploy", build, "Dockerfile"))
	database := at(t, all[0], "services", "postgres", "environment")
	assert.Equal(t, "postgres://"+at(t, database, "POSTGRES_USER").(string)+":${POSTGRES_PASSWORD}@postgres/"+at(t, database, "POSTGRES_DB").(string)+"?sslmode=disable",
		at(t, server, "environment", "ASLEEP_MCP_DATABASE_URL"))
	for _, volume := range at(t, all[0], "services", "postgres", "volumes").([]any) {
		name, _, _ := strings.Cut(volume.(string), ":")
		assert.Contains(t, at(t, all[0], "volumes"), name)
	}
	for _, file := range []string{composeFile, "docs/operations.md"} {
		first := regexp.MustCompile(`docker run --rm \S+ (token .+) > deploy/tokens`).FindStringSubmatch(text(t, file))
		require.NotNil(t, first, file)
		assert.Regexp(t, `^sha256:[0-9a-f]{64} `, runProgram(t, "", strings.Fields(first[1])...), "the line of a token")
	}
}

// The unit starts the program where packages put it, with settings that only root can read,
// and writes where the program keeps its data. .ci/distribution asks systemd about the rest.
func TestSystemdUnit(t *testing.T) {
	unit, packages := text(t, unitFile), text(t, ".goreleaser.yaml")
	start := regexp.MustCompile(`(?m)^ExecStart=(\S+) (.+)$`).FindStringSubmatch(unit)
	require.NotNil(t, start)
	assert.Contains(t, packages, "bindir: "+filepath.Dir(start[1])+"\n")
	assert.Equal(t, "asleep-mcp", filepath.Base(start[1]))
	var args []any
	for arg := range strings.FieldsSeq(start[2]) {
		args = append(args, arg)
	}
	checkCommand(t, args)

	settings := regexp.MustCompile(`(?m)^EnvironmentFile=(\S+)$`).FindStringSubmatch(unit)
	require.NotNil(t, settings)
	assert.Regexp(t, `(?m)src: `+unitSettings+`\n +dst: `+settings[1]+`\n +type: config\|noreplace\n +file_info:\n +mode: 0600$`, packages)
	assert.Regexp(t, `(?m)^Environment=XDG_DATA_HOME=%S\nStateDirectory=asleep-mcp$`, unit)
	page := text(t, "docs/hosting.md")
	for _, file := range []string{settings[1], "systemctl enable --now " + strings.TrimSuffix(filepath.Base(unitFile), ".service")} {
		assert.Contains(t, page, file)
	}
}

func TestKubernetesManifests(t *testing.T) {
	labels, secrets := map[string]any{}, map[string]bool{}
	var service map[string]any
	for _, d := range documents(t, kubernetesFile) {
		for _, field := range []string{"apiVersion", "kind", "metadata"} {
			require.Contains(t, d, field)
		}
		name := at(t, d, "metadata", "name").(string)
		switch d["kind"] {
		case "Deployment":
			pod := at(t, d, "spec", "template", "metadata", "labels")
			assert.Equal(t, pod, at(t, d, "spec", "selector", "matchLabels"), name)
			labels[name] = pod
			c := at(t, d, "spec", "template", "spec", "containers", 0)
			assert.Equal(t, image, at(t, c, "image"))
			port := checkCommand(t, at(t, c, "args"))
			assert.Equal(t, port, yamlText(at(t, c, "ports", 0, "containerPort")))
			assert.Equal(t, at(t, c, "ports", 0, "name"), at(t, c, "livenessProbe", "httpGet", "port"))
			for _, e := range at(t, c, "env").([]any) {
				if from, ok := at(t, e, "valueFrom").(map[string]any)["secretKeyRef"]; ok {
					secrets[at(t, from, "key").(string)] = true
				}
			}
		case "Service":
			service = d
		case "PodDisruptionBudget", "ConfigMap":
		default:
			assert.Fail(t, "unknown", d["kind"])
		}
	}
	require.NotNil(t, service)
	assert.Equal(t, labels["asleep-mcp"], at(t, service, "spec", "selector"))
	assert.Len(t, labels, 2)
	for key := range secrets {
		assert.Contains(t, text(t, kubernetesFile), "--from-literal="+key+"=", "the comment says how to make the secret")
	}
}

func yamlText(v any) string {
	out, _ := yaml.Marshal(v)
	return strings.TrimSpace(string(out))
}

// Dashboard and alerts ask for metrics that the program has, with labels that they have.
func TestDashboardsAskForMetricsThatExist(t *testing.T) {
	source := ""
	for _, file := range []string{"watch.go", "jobs.go"} {
		source += text(t, "internal/serve/watch/"+file)
	}
	names := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?:counter|gauge|seconds|describe)\("([a-z_]+)"|Name: "([a-z_]+)"`).FindAllStringSubmatch(source, -1) {
		names["asleep_mcp_"+m[1]+m[2]] = true
	}
	require.Greater(t, len(names), 10)
	var dashboard struct {
		Panels []struct{ Targets []struct{ Expr string } }
	}
	require.NoError(t, json.Unmarshal([]byte(text(t, "deploy/grafana/dashboard.json")), &dashboard))
	require.NotEmpty(t, dashboard.Panels)
	asked := text(t, "deploy/grafana/alerts.yaml")
	require.NotEmpty(t, documents(t, "deploy/grafana/alerts.yaml"))
	for _, p := range dashboard.Panels {
		require.NotEmpty(t, p.Targets)
		for _, target := range p.Targets {
			asked += "\n" + target.Expr
		}
	}
	for _, name := range regexp.MustCompile(`asleep_mcp_[a-z_]+`).FindAllString(asked, -1) {
		assert.True(t, names[strings.TrimSuffix(name, "_bucket")], "nothing is called %s", name)
	}
	page := text(t, "docs/operations.md")
	for _, name := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(asked, -1) {
		assert.Contains(t, page, "`"+name[1]+"`", "docs/operations.md says what to do")
	}
	for _, file := range []string{composeFile, kubernetesFile, "deploy/grafana/dashboard.json", "deploy/grafana/alerts.yaml"} {
		info, err := os.Stat(file)
		require.NoError(t, err)
		assert.Contains(t, page, filepath.ToSlash(file))
		assert.Positive(t, info.Size())
	}
}
