package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// What a workbook may have besides what its limits say. A file that people made is far from any of it.
const (
	mostParts  = 2000      // files in the zip
	mostNames  = 20_000    // elements of a part that is kept whole: sheets, defined names, relations
	mostWithin = 1000      // elements in one cell or one text: its pieces in bold
	deepest    = 64        // elements in each other
	mostToken  = 256 << 10 // bytes of one element with its attributes, or of one text
	partInHand = 1 << 20   // bytes of a part that is read in memory: a larger one goes through a temporary file
	emptyParts = "0 parts" // says the fault of a zip that has nothing of a workbook, for the log
)

// kept are the parts that are read, by their root. Styles, themes, pictures, chains of formulas: the reader underneath would
// keep an object for each of their elements, and nothing of them is asked.
var kept = map[string]bool{"workbook": true, "Relationships": true, "Types": true, "sst": true, "worksheet": true, "chartsheet": true, "dialogsheet": true, "macrosheet": true}

// census counts what a workbook is made of before it is read: a few bytes of a zip become a great many elements, and an
// element takes a hundred times its bytes. It keeps nothing.
type census struct {
	Limits
	unpacked               int64
	elements, cells, texts int
}

// counted is a workbook with nothing but the parts that are read, in which there is not more than the limits allow.
func counted(file []byte, l Limits) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, ErrBroken.Because(err)
	}
	if len(in.File) > mostParts {
		return nil, ErrLarge.With("there are more than %d files in this workbook", mostParts)
	}
	var out bytes.Buffer
	c, z, parts := census{Limits: l}, zip.NewWriter(&out), 0
	says := uint64(0)
	for _, f := range in.File {
		if says += f.UncompressedSize64; f.UncompressedSize64 > uint64(l.Unpacked) || says > uint64(l.Unpacked) {
			return nil, ErrLarge // also where it is of no use to us: no table that people made has that beside it
		}
		ext := strings.ToLower(path.Ext(f.Name))
		if ext != ".xml" && ext != ".rels" {
			continue
		}
		keep, err := c.part(f)
		if err != nil {
			return nil, err
		}
		if !keep {
			continue
		}
		if err := z.Copy(f); err != nil {
			return nil, ErrBroken.Because(err)
		}
		parts++
	}
	if parts == 0 {
		return nil, ErrBroken.Because(errors.New(emptyParts))
	}
	if err := z.Close(); err != nil {
		return nil, ErrBroken.Because(err)
	}
	return out.Bytes(), nil
}

// part counts what one part has, and says whether it is read; of one that is not only the beginning is looked at.
func (c *census) part(f *zip.File) (keep bool, err error) {
	r, err := f.Open()
	if err != nil {
		return false, ErrBroken.Because(err)
	}
	defer func() {
		if worse := r.Close(); worse != nil && err == nil {
			err = ErrBroken.Because(worse)
		}
	}()
	from := &bounded{r: r, most: c.Unpacked, read: &c.unpacked}
	d := xml.NewDecoder(from)
	p := part{census: c}
	for {
		from.token = 0
		t, err := d.RawToken()
		switch {
		case errors.Is(err, ErrLarge):
			return false, err
		case err != nil && p.root == "": // what somebody else keeps in the file, in characters that only they know
			return false, nil
		case errors.Is(err, io.EOF) && p.depth == 0:
			return true, nil
		case err != nil:
			return false, ErrBroken.Because(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if p.root == "" && !kept[t.Name.Local] {
				return false, nil
			}
			if err := p.begins(t.Name.Local); err != nil {
				return false, err
			}
		case xml.EndElement:
			p.depth--
			if p.depth < p.whole {
				p.whole, p.within = 0, 0
			}
		}
	}
}

// part is how far one part has been counted.
type part struct {
	*census
	root                 string
	elements, sheets     int
	depth, whole, within int // whole is how deep the cell or text begins in which we are, and within what it has
}

func (p *part) begins(name string) error {
	if p.root == "" {
		p.root = name
	}
	p.depth++
	p.elements++
	p.census.elements++
	cell, text := name == "c" && p.root == "worksheet", name == "si" && p.root == "sst"
	switch {
	case cell:
		p.cells++
	case text:
		p.texts++
	case name == "sheet" && p.root == "workbook":
		p.sheets++
	}
	if p.whole > 0 {
		p.within++
	} else if cell || text {
		p.whole = p.depth
	}
	switch {
	case p.cells > p.Cells:
		return ErrLarge.With("there are more than %d cells in this file: please divide it", p.Cells)
	case p.texts > p.Texts:
		return ErrLarge.With("there are more than %d different texts in this workbook: please divide it", p.Texts)
	case p.sheets > p.Sheets:
		return ErrLarge.With("there are more than %d sheets in this workbook", p.Sheets)
	case p.census.elements > 4*p.Cells, p.depth > deepest, p.within > mostWithin, p.elements > mostNames && p.root != "worksheet" && p.root != "sst":
		return ErrLarge
	}
	return nil
}

// bounded reads no more than there may be in all, and in one token.
type bounded struct {
	r     io.Reader
	most  int64
	read  *int64
	token int
}

func (b *bounded) Read(p []byte) (n int, err error) {
	n, err = b.r.Read(p)
	*b.read += int64(n)
	b.token += n
	if *b.read > b.most || b.token > mostToken {
		return 0, ErrLarge
	}
	return n, err
}
