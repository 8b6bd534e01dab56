package api_test

import (
	"kontor/internal/base/id"
	"kontor/internal/domain/company"
)

func nodeOf(u id.Unit) company.Node { return company.Node{Kind: company.UnitNode, Unit: u} }
