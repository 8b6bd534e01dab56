package boot

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"kontor/internal/domain/catalogue"
)

// sources finds what the settings are that no flag says: what the environment has counts before what the file has.
type sources struct {
	path string                     // of the file; "" where there is none
	file map[string]json.RawMessage // its entries, by the names of their flags
	from map[string]string          // where each setting has its value from, by its name; what is not there has its default

	wrong []string // what cannot be read, each a sentence
}

func newSources() *sources { return &sources{from: map[string]string{}} }

// of is where a setting has its value from, as a sentence calls it.
func (s *sources) of(name string) string {
	if s == nil || s.from[name] == "" {
		return "the default"
	}
	return s.from[name]
}

// Validate has nothing to say of the application.
func (*sources) Validate(*kong.Application) error { return nil }

// Resolve is the value of a setting that no flag says; nil leaves it its default.
func (s *sources) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !isSetting(flag.Name) {
		return nil, nil
	}
	if text, found := os.LookupEnv(flag.Envs[0]); found {
		s.from[flag.Name] = "the environment variable " + flag.Envs[0]
		return s.taken(flag, text, s.fits(flag, text))
	}
	entry, found := s.file[flag.Name]
	if !found {
		return nil, nil
	}
	s.from[flag.Name] = "the file " + s.path
	value, err := read(entry, flag.Target.Kind())
	if err != nil {
		return s.taken(flag, nil, s.misfit(flag, string(entry)))
	}
	return s.taken(flag, value, s.fits(flag, value))
}

// taken is the value of a setting; of one that cannot be read it is noted why, and the others are looked at all the same.
func (s *sources) taken(flag *kong.Flag, value any, err error) (any, error) {
	if err != nil {
		s.wrong = append(s.wrong, fmt.Sprintf("--%s: %v", flag.Name, err))
		if !flag.HasDefault {
			return nil, nil
		}
		return flag.Default, nil // or else kong reads the environment itself
	}
	return value, nil
}

// strangers are warnings of variables of the environment that look like settings and are none, each with the setting that may be
// meant. They are no reason to stop: who runs programs in containers puts such variables there (KONTOR_PORT, KONTOR_SERVICE_HOST).
func strangers(environment []string) (all []string) {
	known := []string{"KONTOR_CONFIG"}
	for _, d := range (Settings{}).Describe(nil) {
		known = append(known, d.Environment)
	}
	for _, entry := range environment {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(strings.ToUpper(name), "KONTOR_") || slices.Contains(known, name) || slices.ContainsFunc(environment, func(e string) bool { return strings.HasSuffix(e, "=env:"+name) }) {
			continue
		}
		nearest := slices.MinFunc(known, func(a, b string) int {
			return cmp.Compare(catalogue.Distance(strings.ToUpper(name), a), catalogue.Distance(strings.ToUpper(name), b))
		})
		if catalogue.Distance(strings.ToUpper(name), nearest) > mostSlips {
			nearest = ""
		}
		all = append(all, stranger(name, nearest))
	}
	return all
}

// mostSlips is how far a name may be from that of a setting for that one to be meant.
const mostSlips = 4

func stranger(name, nearest string) string {
	if nearest == "" {
		return fmt.Sprintf("the environment variable %s is no setting and counts for nothing; “kontor settings” lists those that there are", name)
	}
	return fmt.Sprintf("the environment variable %s is no setting and counts for nothing; %s is meant, perhaps", name, nearest)
}

// fits is nil when a setting can have this value, and otherwise says what it wants, and where it has this from.
func (s *sources) fits(flag *kong.Flag, value any) error {
	scratch := reflect.New(flag.Target.Type()).Elem()
	err := flag.Mapper.Decode(&kong.DecodeContext{Value: flag.Value, Scan: kong.Scan().PushTyped(value, kong.FlagValueToken)}, scratch)
	if err != nil || flag.Enum != "" && !flag.EnumMap()[fmt.Sprint(scratch)] {
		return s.misfit(flag, fmt.Sprintf("%q", value))
	}
	return nil
}

func (s *sources) misfit(flag *kong.Flag, value string) error {
	if slices.Contains(secrets, flag.Name) {
		value = "something else"
	}
	return fmt.Errorf("it is %s, and %s has %s", wanted(flag), s.from[flag.Name], value)
}

// wanted is what a setting is, in words.
func wanted(flag *kong.Flag) string {
	if flag.Enum != "" {
		return "one of " + strings.Join(flag.EnumSlice(), ", ")
	}
	switch flag.Target.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list of texts"
	}
	return "a text"
}

// read reads an entry of the file, which has to be of the very kind of its setting: a list of texts for one that has
// several values, and for all others what the entry says, as a flag would say it.
func read(entry json.RawMessage, kind reflect.Kind) (any, error) {
	switch kind {
	case reflect.Bool:
		return decoded[bool](entry)
	case reflect.Int, reflect.Float64:
		n, err := decoded[json.Number](entry)
		if err != nil || entry[0] == '"' {
			return nil, errors.New("this is no number")
		}
		return string(n), nil
	case reflect.Slice:
		texts, err := decoded[[]*string](entry)
		all := make([]any, len(texts))
		for i, text := range texts {
			if text == nil {
				return nil, errors.New("this is no text")
			}
			all[i] = *text
		}
		return all, err
	}
	return decoded[string](entry)
}

func decoded[T any](entry json.RawMessage) (v T, err error) {
	if string(entry) == "null" {
		return v, errors.New("this is nothing")
	}
	return v, json.Unmarshal(entry, &v)
}

// configFile is the flag that names the file with settings.
type configFile string

// BeforeResolve reads the file before the settings are looked for.
func (configFile) BeforeResolve(s *sources, ctx *kong.Context, trace *kong.Path) error {
	path, ok := ctx.FlagValue(trace.Flag).(configFile)
	if !ok || path == "" {
		return nil
	}
	s.path = kong.ExpandPath(string(path))
	text, err := os.ReadFile(s.path)
	if err == nil {
		s.file, err = entries(text)
	}
	if err != nil {
		s.wrong = append(s.wrong, fmt.Sprintf("the settings cannot be read from the file %s: %s", s.path, strings.ReplaceAll(err.Error(), "\n", "; ")))
	}
	return nil
}

// entries reads a JSON object of settings. What is no setting, and what stands there twice, is told.
func entries(text []byte) (map[string]json.RawMessage, error) {
	all := map[string]json.RawMessage{}
	var wrong []error
	d := json.NewDecoder(bytes.NewReader(text))
	broken := func(err error) error {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("it ends before its JSON does")
		}
		line := 1 + bytes.Count(text[:min(d.InputOffset(), int64(len(text)))], []byte("\n"))
		return fmt.Errorf("line %d: %w", line, err)
	}
	open, err := d.Token()
	if err != nil {
		return nil, broken(err)
	}
	if open != json.Delim('{') {
		return nil, errors.New(`it is not of the form {"addr": "127.0.0.1:8080"}`)
	}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, broken(err)
		}
		name, ok := token.(string)
		if !ok {
			return nil, broken(errors.New("here should be the name of a setting"))
		}
		var entry json.RawMessage
		if err := d.Decode(&entry); err != nil {
			return nil, broken(err)
		}
		switch _, twice := all[name]; {
		case twice:
			wrong = append(wrong, broken(fmt.Errorf("%q stands there twice", name)))
		case !isSetting(name):
			wrong = append(wrong, broken(unknown(name)))
		}
		all[name] = entry
	}
	if _, err := d.Token(); err != nil {
		return nil, broken(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, broken(errors.New("something follows what should be the end"))
	}
	return all, errors.Join(wrong...)
}

// unknown says that there is no such setting, and which one may be meant.
func unknown(name string) error {
	bare := strings.NewReplacer("_", "", "-", "")
	for _, d := range (Settings{}).Describe(nil) {
		if name == d.Environment || strings.EqualFold(bare.Replace(name), bare.Replace(d.Name)) {
			return fmt.Errorf("there is no setting %q; %q is meant, perhaps", name, d.Name)
		}
	}
	return fmt.Errorf("there is no setting %q; “kontor settings” lists those that there are", name)
}
