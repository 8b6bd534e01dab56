package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what Prometheus may ask.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	open     prometheus.Gauge
	streams  prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kontor_http_requests_total", Help: "Requests answered, by route and status; 499 is a caller who left.",
		}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "kontor_http_request_seconds", Help: "Time from the first byte read to the last written, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route"}),
		open:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "kontor_http_requests_open", Help: "Requests being answered."}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{Name: "kontor_http_streams_open", Help: "Streams of events being sent."}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.open, m.streams,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) seen(c *call, status int, took time.Duration) {
	m.requests.WithLabelValues(c.route.Pattern, strconv.Itoa(status)).Inc()
	if !c.note.streamed { // a stream lasts as long as somebody looks
		m.seconds.WithLabelValues(c.route.Pattern).Observe(took.Seconds())
	}
}

// Registry is where others add what Prometheus may ask of them.
func (e *Edge) Registry() *prometheus.Registry { return e.metrics.registry }

// Metrics answers Prometheus. It belongs on a listener that the world does not reach.
func (e *Edge) Metrics() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(e.metrics.registry, promhttp.HandlerOpts{}))
	return mux
}
