.PHONY: build test race lint golden bench fuzz licenses site

build:
	go build ./cmd/asleep-mcp

test:
	go test ./...

race:
	go test -race -shuffle=on ./...

lint:
	golangci-lint run

golden:
	go test ./tools -run TestDefinitions -update
	go test ./tools/... ./internal/serve ./cmd/asleep-mcp ./cmd/asleep-mcp/clients . -update

bench:
	go test -run '^$$' -bench . -benchmem ./...

fuzz:
	go test ./tools/tool -run '^$$' -fuzz FuzzArguments -fuzztime 30s

licenses:
	go run ./docs/licenses

site:
	go run ./docs/site -o public
