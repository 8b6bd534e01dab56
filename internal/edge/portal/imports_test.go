package portal_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/browsertest"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/step"
)

const (
	mistaken = "E-Mail;Vorname;Nachname;Vorgesetzter;Limit\nkim@acme.example;Kim;Key;ops;viel\nlee@acme.example;Lee;Long;mars;100\nann@acme.example;Ann;Arrow;;\n"
	mended   = "E-Mail;Vorname;Nachname;Vorgesetzter;Limit\nkim@acme.example;Kim;Key;ops;2500\nlee@acme.example;Lee;Long;kim@acme.example;100\nann@acme.example;Ann;Arrow;;\n"
)

// imported gives Dan a file that is wrong, one that is right, and one that was applied.
func (w *bureau) imported() (all [3]id.Import) {
	w.t.Helper()
	for i, file := range []string{mistaken, mended, "label,name,street,city,country\nDepot,Acme,Way 1,Berlin,DE\n"} {
		name := "members.csv"
		if i == 2 {
			name = "addresses.csv"
		}
		staged, err := w.Importing.Stage(w.t.Context(), w.Dan, importing.StageInput{Name: name, File: []byte(file)})
		w.must(err)
		all[i] = staged.ID
		if i == 2 {
			_, err := w.Importing.Apply(w.t.Context(), w.Dan, importing.ApplyInput{ID: staged.ID, Version: staged.Version})
			w.must(err)
			w.jobs()
		}
	}
	return all
}

// jobs does all jobs that are due, as the worker would.
func (w *bureau) jobs() {
	w.t.Helper()
	kinds := map[string]exchanging.Work{
		importing.Job: func(ctx context.Context, a access.Actor, j exchange.Job, advance exchanging.Advance) error {
			return w.Importing.Work(ctx, a, j, advance)
		},
		step.InvitationsJob: func(ctx context.Context, a access.Actor, j exchange.Job, advance exchanging.Advance) error {
			return w.Organising.SendInvitations(ctx, a, j, advance)
		},
	}
	for worked := true; worked; {
		var err error
		worked, err = w.Exchanging.WorkOff(w.t.Context(), access.System(id.Company{}), kinds)
		w.must(err)
	}
}

// Dan brings a file with mistakes, brings the mended one, looks at what it would do, applies it and takes it back.
func TestDanBringsPeopleFromAFile(t *testing.T) {
	w := newBureau(t)
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, emails["dan"])
	bring := func(text string) {
		t.Helper()
		name := filepath.Join(t.TempDir(), "members.csv")
		w.must(os.WriteFile(name, []byte(text), 0o600))
		tab.Upload("input[name=file]", name)
		tab.Click("text=Look at it")
	}
	tab.Go(w.url + "/members")
	tab.Click("text=Import")
	tab.At("/imports")
	bring(mistaken)
	tab.See("2 things are wrong with this file")
	tab.See("An amount is written like 1500 or 1500.00")
	tab.See("There is no such unit in your company")
	shoot(tab, "import-journey-wrong")
	tab.Clean()
	tab.Go(w.url + "/imports")
	bring(mended)
	tab.See("Kim Key (kim@acme.example)")
	tab.See("Last name: Archer → Arrow")
	shoot(tab, "import-journey-ready")
	tab.Clean()
	tab.See("Send 2 invitations at once")
	tab.Click("label[for=invite]")
	tab.Click("text=Apply all of it")
	tab.See("It waits for its turn.")
	shoot(tab, "import-journey-working")
	tab.Clean()
	w.jobs()
	tab.Click("text=Look again") // what comes after two seconds by itself never comes in a test
	tab.See("Applied on")
	tab.Clean()
	tab.Go(w.url + "/structure")
	tab.See("Kim Key")
	tab.Go(w.url + "/members?status=invited")
	tab.See("2 members wait for their invitations")
	tab.See("Kim Key")
	shoot(tab, "import-journey-waiting")
	tab.Clean()
	tab.Click("text=Send 2 invitations")
	tab.See("The invitations are on their way.")
	w.jobs()
	tab.Go(w.url + "/members?q=kim")
	tab.See("2 people are invited and have not answered yet")
	tab.Click("text=Kim Key")
	tab.See("Send the invitation")
	shoot(tab, "import-journey-member")
	tab.Clean()
	tab.Go(w.url + "/invitations")
	tab.See("Kim Key")
	tab.Clean()
	tab.Go(w.url + "/imports")
	tab.Click("text=members.csv")
	tab.Click("text=Undo")
	tab.Click("#undo button[data-kind=danger]")
	tab.See("It is being undone")
	w.jobs()
	tab.Click("text=Look again")
	tab.See("Undone on")
	shoot(tab, "import-journey-undone")
	tab.Clean()
	if list, err := w.Importing.List(t.Context(), w.Dan); err != nil || len(list) != 2 {
		t.Errorf("%+v, %v", list, err)
	}
}

// upload sends a file as a browser without scripts does.
func (d *desk) upload(path, name, text string) sheet {
	d.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	f, err := m.CreateFormFile("file", name)
	d.must(err)
	_, err = f.Write([]byte(text))
	d.must(err)
	d.must(m.Close())
	r, err := d.Client.Post(d.url+path, m.FormDataContentType(), &b)
	d.must(err)
	return d.read(r)
}

func TestFilesAreBroughtWithoutScripts(t *testing.T) {
	w := newBureau(t)
	dan := w.desk(emails["dan"])
	for name, file := range map[string]string{"nothing": "", "a picture": "\x89PNG\r\n\x1a\n\x00\x00", "an old workbook": "\xd0\xcf\x11\xe0", "half a workbook": "PK\x03\x04xx", "a quote": "a,b\n\"x\n"} {
		if s := dan.upload("/imports", "x.csv", file); s.status != 422 || s.Find("#bring .notice").Length() != 1 {
			t.Errorf("%s: %d %s", name, s.status, s.says("main"))
		}
	}
	if s := dan.post("/imports"); s.status != http.StatusUnprocessableEntity && s.status != http.StatusUnsupportedMediaType {
		t.Errorf("no file: %d", s.status)
	}
	s := dan.upload("/imports", "leute.csv", "Wer;Heisst\nkim@acme.example;J\xfcrgen K\xf6nig\n")
	if !strings.HasPrefix(s.path, "/imports/imp_") || !strings.Contains(s.says("main"), "This file was read as Windows-1252") {
		t.Fatalf("%s: %s", s.path, s.says("main"))
	}
	at := s.path
	s = dan.post(at+"/mapping", "version", s.hidden("version"), "kind0", "members")
	s = dan.post(at+"/mapping", "version", s.hidden("version"), "kind0", "members", "column0.0", "email", "column0.1", "name")
	if !strings.Contains(s.says("main"), "Jürgen König (kim@acme.example)") {
		t.Fatalf("%s", s.says("main"))
	}
	dan.post(at+"/apply", "version", s.hidden("version"))
	w.jobs()
	s = dan.get(at)
	if s.status != 200 || !strings.Contains(s.says("main"), "Applied on") {
		t.Errorf("%d %s", s.status, s.says("main"))
	}
	if eve := w.desk(emails["eve"]); eve.get(at).status != 404 || eve.post(at+"/undo").status != 404 {
		t.Error("Eve gets at Dan's import")
	}
	s = dan.post(at + "/undo")
	if !strings.Contains(s.says("main"), "It is being undone") {
		t.Errorf("%s", s.says("main"))
	}
	w.jobs()
	if all, err := w.Importing.List(t.Context(), w.Dan); s.status != 200 || err != nil || all[0].State != exchange.ImportUndone {
		t.Errorf("%d %+v", s.status, all)
	}
	for _, path := range []string{"/export?format=xlsx", "/export?format=csv&kind=members"} {
		r, err := dan.Client.Get(w.url + path)
		w.must(err)
		r.Body.Close()
		if r.StatusCode != 200 || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment; filename=") {
			t.Errorf("%s: %d %s", path, r.StatusCode, r.Header)
		}
	}
	if s := dan.get("/export?format=csv"); s.status != 400 {
		t.Errorf("CSV of everything: %d", s.status)
	}
}
