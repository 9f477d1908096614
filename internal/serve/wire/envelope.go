package wire

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/mark3labs/mcp-go/mcp"
)

// checkEnvelope refuses a request that mcp-go is not shown for what mcp-go would refuse it for:
// modern ones say their version and the client's capabilities in themselves, and over HTTP in
// headers that agree. header is nil where there are none.
func checkEnvelope(m message, header http.Header) *refusal {
	refused := func(code int, err error, data any) *refusal {
		return &refusal{code: code, text: err.Error(), id: m.id, data: data}
	}
	var params struct {
		Meta *mcp.Meta `json:"_meta"`
	}
	_ = json.Unmarshal(m.params, &params) // without any it is of the legacy era
	said := params.Meta.ProtocolVersion()
	shown := header.Get(mcp.HeaderProtocolVersion)
	if !mcp.IsModernProtocol(said) && !mcp.IsModernProtocol(shown) {
		return nil
	}
	if header != nil {
		switch {
		case said == "":
			return refused(mcp.INVALID_PARAMS, errors.New("missing or invalid _meta field "+mcp.MetaKeyProtocolVersion), nil)
		case shown != said:
			return refused(mcp.HEADER_MISMATCH, errors.New("the header "+mcp.HeaderProtocolVersion+" must be there and say what _meta says"), nil)
		}
	}
	if !mcp.IsValidProtocolVersion(said) {
		unsupported := mcp.UnsupportedProtocolVersionError{Version: said, Supported: mcp.ValidProtocolVersions}
		return refused(mcp.UNSUPPORTED_PROTOCOL_VERSION, unsupported, unsupported.JSONRPCError().Error.Data)
	}
	if header != nil {
		if err := mcp.ValidateStandardHeaders(header.Get, said, mcp.MCPMethod(m.method), m.params); err != nil {
			return refused(mcp.HEADER_MISMATCH, err, nil)
		}
	}
	if params.Meta.ClientCapabilities() == nil {
		return refused(mcp.INVALID_PARAMS, errors.New("missing or invalid _meta field "+mcp.MetaKeyClientCapabilities), nil)
	}
	return nil
}
