package portal

import (
	"testing"

	"kontor/internal/domain/notice"
	"kontor/internal/edge/ui"
)

// Each kind of notice has a picture of its own.
func TestEachKindOfNoticeHasItsPicture(t *testing.T) {
	of := map[ui.Icon]notice.Event{}
	for _, topic := range notice.Topics() {
		icon := noticed[topic.Event]
		if icon == "" {
			t.Errorf("%s has no picture", topic.Event)
		}
		if other, taken := of[icon]; taken {
			t.Errorf("%s has the picture of %s", topic.Event, other)
		}
		of[icon] = topic.Event
	}
}
