package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
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

// analysed are the events after which a user's nights are read again.
var analysed = map[string]bool{"SESSION_COMPLETE": true, "INFERENCE_COMPLETE": true}

// webhook hears from Asleep. What it is told is not believed beyond whom it is
// about: the nights themselves are asked for by a job, or with the next question. So a
// notice may come twice, late, or from whoever knows the key, and nothing is wrong.
type webhook struct {
	key       string
	body      bodyLimit
	readAgain func(ctx context.Context, userID string) error // has somebody's nights read again
	log       *slog.Logger
	watch     *watch.Watch
}

// noteTime is how long it may take to note whose nights are to be read again.
const noteTime = 10 * time.Second

func (h *webhook) answer(w http.ResponseWriter, r *http.Request, tell Tell) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		tell(w, http.StatusMethodNotAllowed, "Use POST.")
		return
	}
	if !sameKey(r.Header.Get("X-Api-Key"), h.key) {
		h.watch.Refused(http.StatusUnauthorized)
		tell(w, http.StatusUnauthorized, "The key in x-api-key is not the one set for webhooks.")
		return
	}
	body, free, ok := h.body.read(w, r, tell)
	if !ok {
		return
	}
	defer free()
	var n notice
	if json.Unmarshal(body, &n) != nil {
		tell(w, http.StatusBadRequest, "The body is not a notice from Asleep.")
		return
	}
	event := cmp.Or(n.Event, n.OldEvent)
	id := cmp.Or(n.Data.UserID, n.OldData.UserID, r.Header.Get("X-User-Id"))
	user, err := access.Resolve(access.With(r.Context(), access.Operator("")), id)
	if err != nil {
		tell(w, http.StatusBadRequest, "The notice names no user.")
		return
	}
	if analysed[event] {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), noteTime)
		defer cancel()
		if err := h.readAgain(ctx, user.ID()); err != nil {
			h.log.LogAttrs(r.Context(), slog.LevelWarn, "a notice of the webhook could not be noted: the next reconciliation reads what is new", slog.String("cause", err.Error()))
			tell(w, http.StatusServiceUnavailable, "The database cannot be used at the moment. Send the notice again later.")
			return
		}
		h.log.LogAttrs(r.Context(), slog.LevelDebug, "webhook heard", slog.String("event", event))
	} else {
		h.log.LogAttrs(r.Context(), slog.LevelDebug, "webhook ignored")
	}
	w.WriteHeader(http.StatusNoContent)
}

// sameKey compares in a time that tells nothing about the key, nor its length.
func sameKey(given, key string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(key))
	return key != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
