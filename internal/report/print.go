package report

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Browser is the program of a Chromium, a Chrome or an Edge.
type Browser string

// ErrNoBrowser says that there is nothing to print with, and what else can be done.
var ErrNoBrowser = errors.New("a PDF is printed by Chromium, Chrome or Edge, and none was found: install one, name its program with --browser, or write a file that ends in .html and print it from any browser")

// browsers are where such programs usually are: names on the PATH, and files.
var browsers = []string{
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
	`C:\Program Files\Google\Chrome\Application\chrome.exe`,
	`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
}

// FindBrowser returns the one that is named, or one that is installed.
func FindBrowser(named string) (Browser, error) {
	if named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("--browser %q: %w", named, err)
		}
		return Browser(path), nil
	}
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return Browser(path), nil
		}
	}
	return "", ErrNoBrowser
}

// printTime is how long printing may take.
const printTime = 2 * time.Minute

// Print returns a report as PDF. It works in a new folder below dir, which is private and
// removed again; browsers that are confined read the user's folders and no temporary ones.
func (b Browser) Print(ctx context.Context, r *Report, dir string) (pdf []byte, err error) {
	folder, err := os.MkdirTemp(dir, "asleep-mcp-print-") // 0700
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if folder, err = filepath.Abs(folder); err != nil {
		return nil, err
	}
	html, err := os.OpenFile(filepath.Join(folder, "page.html"), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(r.Write(html), html.Close()); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, printTime)
	defer cancel()
	printed := filepath.Join(folder, "page.pdf")
	command := exec.CommandContext(ctx, string(b), append(quiet(folder), "--print-to-pdf="+printed, html.Name())...) //nolint:gosec // the user's own browser
	command.WaitDelay = time.Second
	said, err := command.CombinedOutput()
	if err == nil {
		pdf, err = os.ReadFile(printed) //nolint:gosec // in the folder made above
	}
	if err != nil {
		return nil, fmt.Errorf("%s did not print the page: %w; it said: %.300s", string(b), err, said)
	}
	return pdf, nil
}

// quiet are flags for a browser that shows nothing, keeps nothing and calls nobody.
func quiet(folder string) []string {
	flags := []string{
		"--headless", "--disable-gpu", "--no-pdf-header-footer", "--no-first-run", "--user-data-dir=" + filepath.Join(folder, "profile"),
		"--disable-extensions", "--disable-sync", "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-dev-shm-usage",
	}
	if os.Geteuid() == 0 { // in containers; Chromium refuses to start there otherwise
		flags = append(flags, "--no-sandbox")
	}
	return flags
}
