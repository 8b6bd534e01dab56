// Command kontor is the buying-organisation platform: server, worker and tools in one binary.
package main

import (
	"os"

	"kontor/internal/boot"
)

func main() { os.Exit(boot.Main(os.Args[1:], os.Stdout, os.Stderr)) }
