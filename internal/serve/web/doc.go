// Package web guards what is reached over HTTP: who may come in, from which pages, how
// often and how much at once. It answers requests about health, metrics, webhooks and
// the gate's metadata itself, and leaves the rest to the handlers behind it.
//
// # Promise
//
// Without a gate ([auth.Gate]) the server listens on loopback only, and accepts
// requests from programs and from pages that it served itself. With a gate every
// request needs a token, except those about the server's own health and description.
//
// Nobody can keep others out by holding connections: if there are too many, those whose
// request has not arrived completely make room for new ones.
package web
