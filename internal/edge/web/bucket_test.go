package web

import (
	"testing"
	"time"
)

// A bucket is told the time, so that its table needs none.
func TestABucketFillsWithTime(t *testing.T) {
	start := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	l := newLimiter[string](Limit{Requests: 3, Per: 30 * time.Second})
	for _, tt := range []struct {
		name string
		at   time.Duration
		key  string
		over bool
		left int
		wait time.Duration
	}{
		{"the first", 0, "ann", false, 2, 0},
		{"the second at once", 0, "ann", false, 1, 0},
		{"the third at once", 0, "ann", false, 0, 0},
		{"one too many", 0, "ann", true, 0, 10 * time.Second},
		{"asking again makes it no longer", 4 * time.Second, "ann", true, 0, 6 * time.Second},
		{"another caller", 4 * time.Second, "bob", false, 2, 0},
		{"a third of the time gives one back", 10 * time.Second, "ann", false, 0, 0},
		{"and no more than one", 10 * time.Second, "ann", true, 0, 10 * time.Second},
		{"a long rest fills the bucket", time.Hour, "ann", false, 2, 0},
		{"and not beyond", time.Hour, "ann", false, 1, 0},
		{"and not beyond", time.Hour, "ann", false, 0, 0},
		{"and not beyond", time.Hour, "ann", true, 0, 10 * time.Second},
		{"nobody has no bucket", time.Hour, "", false, 0, 0},
	} {
		s := l.take(tt.key, start.Add(tt.at))
		if s.over != tt.over || s.left != tt.left || s.wait != tt.wait {
			t.Errorf("%s: %+v, want over %v, left %d, wait %s", tt.name, s, tt.over, tt.left, tt.wait)
		}
	}
}

func TestBucketsTakeNoMoreRoomThanTheyMay(t *testing.T) {
	start := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	l := newLimiter[int](Limit{Requests: 1, Per: time.Hour})
	for key := range 2*most + most/2 {
		l.take(key+1, start)
		if len(l.full) > most {
			t.Fatalf("%d buckets", len(l.full))
		}
	}
	if !l.take(2*most+most/2, start).over {
		t.Error("the last caller was forgotten")
	}
	l.take(1, start.Add(2*time.Hour)) // by then all are full
	for key := range most - 1 {
		l.take(-key-1, start.Add(2*time.Hour))
	}
	if !l.take(1, start.Add(2*time.Hour)).over {
		t.Error("a bucket was forgotten though others were full")
	}
}

func TestTheTighterLimitIsTold(t *testing.T) {
	wide, tight := Limit{100, time.Minute}, Limit{10, time.Minute}
	for _, tt := range []struct {
		name string
		all  []standing
		want standing
	}{
		{"none", []standing{{}}, standing{}},
		{"one", []standing{{limit: wide, left: 99}}, standing{limit: wide, left: 99}},
		{"less left", []standing{{limit: wide, left: 99}, {limit: tight, left: 9}}, standing{limit: tight, left: 9}},
		{"less left, the other way round", []standing{{limit: tight, left: 9}, {limit: wide, left: 99}}, standing{limit: tight, left: 9}},
		{"over before anything left", []standing{{limit: tight}, {limit: wide, over: true}}, standing{limit: wide, over: true}},
		{"over stays over", []standing{{limit: wide, over: true}, {limit: tight}}, standing{limit: wide, over: true}},
		{"no limit changes nothing", []standing{{limit: tight, left: 9}, {}}, standing{limit: tight, left: 9}},
	} {
		var s standing
		for _, other := range tt.all {
			s.lower(other)
		}
		if s != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, s, tt.want)
		}
	}
}
