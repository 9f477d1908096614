package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"
	"time"
)

func emailOf(i int) string { return fmt.Sprintf("member%d@example.org", i) }

// roster is an API that creates and removes users, and remembers for whom: each person has
// a separate address there, because a request may arrive long after the program that sent
// it was killed.
type roster struct {
	address string
	slow    time.Duration // the longest that making a user takes
	mu      sync.Mutex
	users   map[string]string // whose each id is
}

func newRoster(t *testing.T, slow time.Duration) *roster {
	t.Helper()
	r := &roster{slow: slow, users: map[string]string{}}
	web := httptest.NewServer(r)
	t.Cleanup(web.Close)
	r.address = web.URL
	return r
}

// api returns the base URL at which to create the user of email.
func (r *roster) api(email string) string { return r.address + "/" + email }

func (r *roster) living(email string) (ids []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, of := range r.users {
		if of == email {
			ids = append(ids, id)
		}
	}
	return ids
}

func (r *roster) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	answer := map[string]any{"detail": "success"}
	if req.Method == http.MethodDelete {
		r.remove(path.Base(req.URL.Path))
	} else {
		email, _, _ := strings.Cut(strings.TrimPrefix(req.URL.Path, "/"), "/")
		answer["result"] = map[string]any{"user_id": r.make(email)}
		time.Sleep(mathrand.N(r.slow))
		w.WriteHeader(http.StatusCreated)
	}
	_ = json.NewEncoder(w).Encode(answer) // the caller may be gone
}

func (r *roster) make(email string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	id := "G-20261123101010-" + rand.Text()
	r.users[id] = email
	return id
}

func (r *roster) remove(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.users, id)
}
