package serve

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"log/slog"
	"net/http"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// notice is what Asleep sends when a recording, or a piece of one, was analysed.
// There are two envelopes; the older one has names with "callback" in front.
type notice struct {
	Event    string     `json:"event"`
	OldEvent string     `json:"callback_event"`
	Data     noticeData `json:"data"`
	OldData  noticeData `json:"callback_data"`
}

type noticeData struct {
	UserID string `json:"user_id"`
}

// analysed are the events after which a user's nights are read anew.
var analysed = map[string]bool{"SESSION_COMPLETE": true, "INFERENCE_COMPLETE": true}

// webhook hears from Asleep. What it is told is not believed beyond whom it is
// about: the nights themselves are asked for with the next question. So a notice
// may come twice, late, or from whoever knows the key, and nothing is wrong.
func (s *Server) webhook(w http.ResponseWriter, r *http.Request, tell tell) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		tell(w, http.StatusMethodNotAllowed, "Use POST.")
		return
	}
	if !sameKey(r.Header.Get("X-Api-Key"), s.http.WebhookKey) {
		s.watch.Refused(http.StatusUnauthorized)
		tell(w, http.StatusUnauthorized, "The key in x-api-key is not the one set for webhooks.")
		return
	}
	body, ok := readBody(w, r, tell)
	if !ok {
		return
	}
	var n notice
	if json.Unmarshal(body, &n) != nil {
		tell(w, http.StatusBadRequest, "The body is not a notice of Asleep.")
		return
	}
	event := cmp.Or(n.Event, n.OldEvent)
	id := cmp.Or(n.Data.UserID, n.OldData.UserID, r.Header.Get("X-User-Id"))
	user, err := access.Resolve(access.With(r.Context(), access.Operator("")), id)
	switch {
	case err != nil:
		tell(w, http.StatusBadRequest, "The notice names no user.")
		return
	case !analysed[event]:
		s.log.LogAttrs(r.Context(), slog.LevelDebug, "webhook ignored")
	case s.deps != nil && s.deps.Client != nil:
		s.deps.Client.Forget(user.ID())
		s.log.LogAttrs(r.Context(), slog.LevelDebug, "webhook heard", slog.String("event", event))
	}
	w.WriteHeader(http.StatusNoContent)
}

// sameKey compares in a time that tells nothing about the key, nor its length.
func sameKey(given, key string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(key))
	return key != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
