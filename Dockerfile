# docker build . builds the program from this folder; the version comes from the
# tag in .git. A release hands in the binaries it has already built, so that the
# image and the archives hold the same ones: --build-arg BINARY=release.
ARG BINARY=source

FROM --platform=$BUILDPLATFORM golang:1.26-trixie AS source
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags="-s -w" -o /out/asleep-mcp ./cmd/asleep-mcp

FROM scratch AS release
ARG TARGETPLATFORM
COPY $TARGETPLATFORM/asleep-mcp /out/asleep-mcp

FROM $BINARY AS binary

FROM gcr.io/distroless/static-debian13:nonroot
# The MCP registry reads this label as proof that the image belongs to the name.
LABEL io.modelcontextprotocol.server.name="io.github.asleep-mcp/asleep-mcp"
COPY --from=binary /out/asleep-mcp /asleep-mcp
COPY LICENSE THIRD-PARTY-LICENSES.txt /
USER 65532:65532
ENTRYPOINT ["/asleep-mcp"]
