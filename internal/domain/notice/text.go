package notice

import "strings"

// text writes the mail for whoever reads without HTML.
func (s spoken) text() string {
	var b strings.Builder
	block := func(lines ...string) {
		if len(lines) == 0 {
			return
		}
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		for _, line := range lines {
			b.WriteString(line + "\n")
		}
	}
	block(s.greeting)
	block(s.subject)
	for _, line := range s.lines {
		block(line)
	}
	if s.words != "" {
		block("> " + strings.ReplaceAll(s.words, "\n", "\n> "))
	}
	block(each(s.table, func(p pair) string { return p.label + ": " + p.value })...)
	block(each(s.items, func(i [5]string) string {
		line := "* " + i[0] + " (" + i[1] + "): " + i[2]
		if s.costed() {
			line += " × " + i[3] + " = " + i[4]
		}
		return line
	})...)
	for _, p := range s.buttons {
		block(p.label+":", p.value)
	}
	if s.note != "" {
		block(s.note)
	}
	for _, p := range s.entries {
		block("* "+p.label, "  "+p.value)
	}
	block("-- ")
	foot := append(s.footer, each(s.wishes, func(p pair) string { return p.label + ": " + p.value })...)
	b.WriteString(strings.Join(append(foot, append([]string{s.brand.Name}, s.imprint...)...), "\n") + "\n")
	return b.String()
}

func each[T any](list []T, write func(T) string) []string {
	lines := make([]string, len(list))
	for i, v := range list {
		lines[i] = write(v)
	}
	return lines
}
