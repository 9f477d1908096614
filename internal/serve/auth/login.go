package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// login is the caller behind a token of the issuer, as the directory knows them.
// One whom it does not know is admitted as a person without an Asleep user, who
// may make one and see nobody.
func (g *Gate) login(ctx context.Context, c claims) (access.Principal, error) {
	p, err := g.principal(ctx, c)
	var invalid *directory.Invalid
	switch {
	case errors.As(err, &invalid):
		return access.Principal{}, errBadToken // a subject that no directory can hold
	case err != nil:
		level := slog.LevelWarn
		if ctx.Err() != nil { // the caller left
			level = slog.LevelDebug
		}
		g.log.LogAttrs(ctx, level, "a caller was not looked up", slog.String("cause", err.Error()))
		return access.Principal{}, fmt.Errorf("%w: %w", errUnsure, err)
	}
	login := directory.Login{Issuer: c.issuer, Subject: c.subject, Email: c.email}
	return p.Named(nameOf(login)).Scoped(c.scopes...).WithLogin(login), nil
}

// principal decides the role. Who coaches anywhere is a coach of those
// organizations; who is an analyst and nowhere a coach is told aggregates only.
func (g *Gate) principal(ctx context.Context, c claims) (access.Principal, error) {
	userID, err := g.directory.UserOf(ctx, c.issuer, c.subject)
	if errors.Is(err, directory.ErrNotFound) && c.email != "" {
		userID, err = g.join(ctx, c)
	}
	if errors.Is(err, directory.ErrNotFound) {
		return access.Person(""), nil
	}
	if err != nil {
		return access.Principal{}, err
	}
	memberships, err := g.directory.Memberships(ctx, userID)
	if err != nil {
		return access.Principal{}, err
	}
	organizations := map[directory.Role][]string{}
	for _, m := range memberships {
		organizations[m.Role] = append(organizations[m.Role], m.Organization)
	}
	switch {
	case len(organizations[directory.Coach]) > 0:
		return access.Coach(userID, g.directory.OrganizationsOf, organizations[directory.Coach]...), nil
	case len(organizations[directory.Analyst]) > 0:
		return access.Analyst(organizations[directory.Analyst]...).WithSelf(userID), nil
	}
	return access.Person(userID), nil
}

// join makes a login stand for the member with its verified e-mail. The error is
// [directory.ErrNotFound] when there is nobody to join.
func (g *Gate) join(ctx context.Context, c claims) (userID string, err error) {
	userID, err = g.directory.Join(ctx, c.issuer, c.subject, c.email)
	if errors.Is(err, directory.ErrNotFound) || errors.Is(err, directory.ErrExists) {
		return g.directory.UserOf(ctx, c.issuer, c.subject) // another request of theirs may have been faster
	}
	if err == nil {
		g.joined(ctx, nameOf(directory.Login{Issuer: c.issuer, Subject: c.subject}))
	}
	return userID, err
}

// nameOf returns a name for a login that fits everywhere.
func nameOf(l directory.Login) string {
	sum := sha256.Sum256([]byte(l.Issuer + "\x00" + l.Subject))
	return "login:" + hex.EncodeToString(sum[:16])
}
