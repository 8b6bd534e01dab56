package apidoc

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// example is a text in JSON that fits the schema.
func example(api *huma.OpenAPI, s *huma.Schema) string {
	b, err := json.MarshalIndent(sample(api, s, 0), "", "  ")
	if err != nil {
		return "" // an example that the code gave and JSON cannot say is left out
	}
	return string(b)
}

// nested is how deep an example goes before it stops, for schemas that hold themselves.
const nested = 6

func sample(api *huma.OpenAPI, s *huma.Schema, depth int) any {
	s = resolve(api, s)
	switch {
	case len(s.Examples) > 0:
		return s.Examples[0]
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	case depth == nested:
		return nil
	}
	switch s.Type {
	case huma.TypeObject:
		object := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			object[name] = sample(api, s.Properties[name], depth+1)
		}
		if values, ok := s.AdditionalProperties.(*huma.Schema); ok {
			object["name"] = sample(api, values, depth+1)
		}
		return object
	case huma.TypeArray:
		return []any{sample(api, s.Items, depth+1)}
	case huma.TypeInteger, huma.TypeNumber:
		if s.Minimum != nil && *s.Minimum > 1 {
			return *s.Minimum
		}
		return 1
	case huma.TypeBoolean:
		return true
	case huma.TypeString:
		return words[s.Format]
	}
	return nil
}

// words are what a text of some format looks like.
var words = map[string]string{
	"":          "text",
	"date-time": "2026-01-31T12:00:00Z",
	"date":      "2026-01-31",
	"email":     "ann@acme.example",
	"uri":       "https://acme.example/",
}
