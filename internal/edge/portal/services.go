package portal

import (
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/collecting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/listing"
	"kontor/internal/usecase/notifying"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
)

// Services are the use cases that pages call.
type Services struct {
	Signing      *signing.Service
	Purchasing   *purchasing.Service
	Approving    *approving.Service
	Cataloguing  *cataloguing.Service
	Budgeting    *budgeting.Service
	Organising   *organising.Service
	Onboarding   *onboarding.Service
	Pricesetting *pricesetting.Service
	Granting     *granting.Service
	Importing    *importing.Service
	Notifying    *notifying.Service
	Exchanging   *exchanging.Service
	Auditing     *auditing.Service
	Listing      *listing.Service
	Collecting   *collecting.Service
}
