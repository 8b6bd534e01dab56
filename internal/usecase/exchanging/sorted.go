package exchanging

import (
	"cmp"
	"slices"
	"strings"

	"kontor/internal/base/page"
)

// webhooksBy are the orders of a company's webhooks, which are few and read as a whole.
var webhooksBy = map[string]func(a, b Webhook) int{
	"name":    byName,
	"waiting": func(a, b Webhook) int { return cmp.Or(cmp.Compare(a.Waiting, b.Waiting), byName(a, b)) },
	"dead":    func(a, b Webhook) int { return cmp.Or(cmp.Compare(a.Dead, b.Dead), byName(a, b)) },
	"made":    func(a, b Webhook) int { return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), byName(a, b)) },
}

func byName(a, b Webhook) int {
	return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.ID.String(), b.ID.String()))
}

// SortWebhooks sorts webhooks as is asked; as ListWebhooks gives them when nobody asks. It is ErrSort for an order that they do not
// have.
func SortWebhooks(all []Webhook, sort page.Sort) error {
	if sort.By == "" {
		return nil
	}
	by, ok := webhooksBy[sort.By]
	if !ok {
		return page.ErrSort.At("sort")
	}
	slices.SortFunc(all, func(a, b Webhook) int {
		if sort.Down {
			a, b = b, a
		}
		return by(a, b)
	})
	return nil
}
