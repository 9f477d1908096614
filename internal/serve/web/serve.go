package web

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"
)

// DefaultAddr is where HTTP is served unless told otherwise.
const DefaultAddr = "127.0.0.1:8080"

// Limits on one connection. A request that takes longer than bodyTime to arrive
// is given up; net/http lifts that limit once it is there.
const (
	headerTime = 5 * time.Second
	bodyTime   = 15 * time.Second
	idleTime   = 2 * time.Minute
	writeTime  = 30 * time.Second // for writing, beyond the time of the call
	maxHeader  = 64 << 10         // a thousand user ids in a query fit, and the longest token twice
)

// ErrExposed is why an address beyond loopback is refused.
var ErrExposed = errors.New("callers are not authenticated, so everybody who reaches this address could read the nights of every user of the API key")

// CheckAddr fails unless addr is a host and port on loopback; with [ErrExposed] when
// it is an address elsewhere.
func CheckAddr(addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("the address %q is not of the form host:port, with a port from 0 to 65535", addr)
	}
	if host == "localhost" {
		return nil
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.Unmap().IsLoopback() {
		return nil
	}
	return fmt.Errorf("refusing to listen on %q: %w; set --oidc-issuer or --token-file, or listen on %s and reach it from "+
		"elsewhere through an SSH tunnel or a proxy on this machine that authenticates", addr, ErrExposed, DefaultAddr)
}

// Listen opens addr, which must be on loopback.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	if err := CheckAddr(addr); err != nil {
		return nil, err
	}
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", addr)
}

// Listen opens addr, which must be on loopback unless there is a gate.
func (s *Site) Listen(ctx context.Context, addr string) (net.Listener, error) {
	if s.settings.Gate == nil {
		return Listen(ctx, addr)
	}
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", addr)
}

// Serve answers HTTP on l, which must be on loopback unless there is a gate,
// until ctx ends; calls in flight then still have the time that a call may take.
// It closes l and returns nil when it was stopped by ctx.
func (s *Site) Serve(ctx context.Context, l net.Listener) error {
	if err := CheckAddr(l.Addr().String()); err != nil && s.settings.Gate == nil {
		return errors.Join(err, l.Close())
	}
	srv := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       bodyTime,
		WriteTimeout:      s.callTime + writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		TLSConfig:         s.settings.TLS,
		ConnContext:       withConnection,
		ErrorLog:          log.New(callerless{s.log}, "", 0),
	}
	closing := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closing)
		_ = srv.Shutdown(ctx) // closes the listener, and as ctx is over waits for nobody
	})
	l = limitConnections(l, s.connections)
	serve := srv.Serve
	if s.settings.TLS != nil {
		serve = func(l net.Listener) error { return srv.ServeTLS(l, "", "") }
	}
	err := serve(l)
	if stop() {
		return err
	}
	<-closing
	// The first Shutdown may have missed a connection that was accepted while it closed
	// the listener. Now that nobody is accepted any more, a second one sees all of them.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.callTime)
	defer cancel()
	if srv.Shutdown(grace) != nil {
		_ = srv.Close() // whoever is left is cut off
	}
	return nil
}
