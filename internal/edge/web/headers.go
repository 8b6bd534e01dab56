package web

import "strings"

// Policy is the content security policy of every page: everything comes from us, nothing is inline.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"

// headers are the same for every answer and shared by all, so nobody changes them in place.
var headers = map[string][]string{
	"Content-Security-Policy":      {Policy},
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"},
	"Referrer-Policy":              {"same-origin"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {powers()},
	"Cache-Control":                {"no-store"},
}

// hsts holds for a year and for every name below ours.
var hsts = []string{"max-age=31536000; includeSubDomains"}

// powers denies a page what no page of ours needs.
func powers() string {
	var all []string
	for _, power := range []string{"accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
		"encrypted-media", "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment",
		"picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"} {
		all = append(all, power+"=()")
	}
	return strings.Join(all, ", ")
}
