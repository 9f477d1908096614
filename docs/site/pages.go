package main

// A section of the menu has one kind of reader.
type section struct {
	Title string
	Pages []page
}

// A page is one Markdown file. File is its path in the repository.
type page struct{ File, Title string }

var sections = []section{
	{"Start", []page{
		{"README.md", "Overview"},
		{"docs/install.md", "Install"},
		{"docs/clients.md", "Clients"},
		{"docs/import.md", "Other trackers"},
	}},
	{"Ask", []page{
		{"docs/tools.md", "Tools and prompts"},
		{"docs/metrics.md", "The numbers"},
		{"docs/kept-nights.md", "Kept nights"},
		{"docs/privacy.md", "Privacy"},
	}},
	{"Run it for others", []page{
		{"docs/service.md", "As a service"},
		{"docs/hosting.md", "Hosting"},
		{"docs/organizations.md", "Organizations"},
		{"docs/releases.md", "Releases"},
		{"docs/operations.md", "Operations"},
	}},
	{"Look up", []page{
		{"docs/settings.md", "Settings"},
		{"docs/troubleshooting.md", "Troubleshooting"},
		{"CHANGELOG.md", "Changes"},
		{"SECURITY.md", "Security"},
	}},
	{"Develop", []page{
		{"docs/library.md", "Go packages"},
		{"docs/evaluation.md", "Evaluating a model"},
		{"CONTRIBUTING.md", "Contributing"},
		{"docs/contributing/tool.md", "Add a tool"},
		{"docs/contributing/metric.md", "Add a metric"},
		{"docs/contributing/prompt.md", "Add a prompt"},
		{"docs/contributing/picture.md", "Add a picture"},
		{"docs/contributing/source.md", "Add a source of nights"},
		{"docs/performance.md", "Performance"},
	}},
}
