package browsertest

import (
	"context"
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// Shoot writes a picture of the whole page as PNG, and makes the folder where needed.
func (tab *Tab) Shoot(file string) {
	tab.t.Helper()
	tab.shoot(file, chromedp.FullScreenshot(100))
}

// ShootScreen writes a picture of what is in sight as PNG.
func (tab *Tab) ShootScreen(file string) {
	tab.t.Helper()
	tab.shoot(file, chromedp.CaptureScreenshot())
}

func (tab *Tab) shoot(file string, action chromedp.Action[[]byte]) {
	tab.t.Helper()
	tab.rest()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, action)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(file), 0o755)
	}
	if err == nil {
		err = os.WriteFile(file, picture, 0o644)
	}
	if err != nil {
		tab.t.Fatal("browsertest: picture: ", err)
	}
}
