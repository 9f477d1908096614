// Package web guards what is reached over HTTP: who may come in, from which
// pages, how often and how much at once. What is behind a door is not its
// business; health, numbers, webhooks and the metadata of the gate are.
//
// # Promise
//
// Without a gate ([auth.Gate]) the server listens on loopback only and takes
// requests from programs and from pages it served itself. With one, every request
// but those about the server's own health and description shows a token.
//
// Nobody keeps others out by holding connections: where there are too many, those
// that wait for a request to be all there make room for newcomers.
package web
