package ui

import "slices"

// Icon names a picture of the Lucide set. Only those listed here are bundled.
type Icon string

// The icons, by what they mean to us.
const (
	IconHome       Icon = "house"
	IconShop       Icon = "store"
	IconLists      Icon = "list-checks"
	IconOrders     Icon = "package"
	IconApprovals  Icon = "circle-check-big"
	IconQuotes     Icon = "message-square-quote"
	IconSpend      Icon = "chart-column"
	IconCompany    Icon = "building-complex"
	IconCart       Icon = "shopping-cart"
	IconInbox      Icon = "inbox"
	IconSearch     Icon = "search"
	IconMore       Icon = "ellipsis"
	IconMenu       Icon = "menu"
	IconClose      Icon = "x"
	IconPlus       Icon = "plus"
	IconMinus      Icon = "minus"
	IconEdit       Icon = "pencil"
	IconDelete     Icon = "trash"
	IconCopy       Icon = "copy"
	IconDownload   Icon = "download"
	IconUpload     Icon = "upload"
	IconPrint      Icon = "printer"
	IconFilter     Icon = "sliders-horizontal"
	IconColumns    Icon = "columns-3"
	IconSort       Icon = "arrow-up-down"
	IconUp         Icon = "arrow-up"
	IconDown       Icon = "arrow-down"
	IconNext       Icon = "chevron-right"
	IconPrevious   Icon = "chevron-left"
	IconOpen       Icon = "chevron-down"
	IconOutside    Icon = "arrow-up-right"
	IconUndo       Icon = "undo-2"
	IconGood       Icon = "circle-check"
	IconWarn       Icon = "triangle-alert"
	IconBad        Icon = "circle-x"
	IconInfo       Icon = "info"
	IconWhy        Icon = "circle-question-mark"
	IconCheck      Icon = "check"
	IconWaiting    Icon = "clock"
	IconSkipped    Icon = "circle-dashed"
	IconReturned   Icon = "corner-up-left"
	IconHandOver   Icon = "forward"
	IconComment    Icon = "message-square"
	IconFile       Icon = "file-text"
	IconAttach     Icon = "paperclip"
	IconLock       Icon = "lock"
	IconKey        Icon = "key-round"
	IconPerson     Icon = "user"
	IconPeople     Icon = "users"
	IconRole       Icon = "shield-check"
	IconRule       Icon = "split"
	IconBudget     Icon = "wallet"
	IconCredit     Icon = "credit-card"
	IconCostCentre Icon = "landmark"
	IconStructure  Icon = "network"
	IconAddress    Icon = "map-pin"
	IconCalendar   Icon = "calendar"
	IconTruck      Icon = "truck"
	IconInvoice    Icon = "receipt"
	IconMail       Icon = "mail"
	IconPhone      Icon = "phone"
	IconSettings   Icon = "settings"
	IconSignOut    Icon = "log-out"
	IconTheme      Icon = "sun-moon"
	IconKeyboard   Icon = "keyboard"
	IconGrip       Icon = "grip-vertical"
	IconStar       Icon = "star"
	IconTag        Icon = "tag"
	IconStock      Icon = "boxes"
	IconCatalogue  Icon = "book-open"
	IconLink       Icon = "link"
	IconSend       Icon = "send"
	IconRepeat     Icon = "repeat"
	IconHistory    Icon = "rotate-ccw-clock"
	IconTest       Icon = "flask-conical"
	IconPlay       Icon = "play"
	IconPause      Icon = "pause"
	IconGlobe      Icon = "globe"
	IconImage      Icon = "image"
	IconBolt       Icon = "zap"
	IconEye        Icon = "eye"
	IconDeputy     Icon = "user-round-check"
	IconJob        Icon = "briefcase"
	IconExchange   Icon = "arrow-left-right"
	IconScale      Icon = "scale"
	IconNews       Icon = "newspaper"
	IconSave       Icon = "save"
	IconList       Icon = "list"
	IconCards      Icon = "layout-grid"
	IconBarcode    Icon = "barcode"
	IconFlag       Icon = "flag"
	IconTrend      Icon = "trending-up"
)

// Icons lists every icon, for the bundler that makes the sprite of them.
func Icons() []Icon { return slices.Clone(icons[:]) }

var icons = [...]Icon{
	IconHome, IconShop, IconLists, IconOrders, IconApprovals, IconQuotes, IconSpend, IconCompany, IconCart,
	IconInbox, IconSearch, IconMore, IconMenu, IconClose, IconPlus, IconMinus, IconEdit, IconDelete, IconCopy,
	IconDownload, IconUpload, IconPrint, IconFilter, IconColumns, IconSort, IconUp, IconDown, IconNext,
	IconPrevious, IconOpen, IconOutside, IconUndo, IconGood, IconWarn, IconBad, IconInfo, IconWhy, IconCheck,
	IconWaiting, IconSkipped, IconReturned, IconHandOver, IconComment, IconFile, IconAttach, IconLock, IconKey,
	IconPerson, IconPeople, IconRole, IconRule, IconBudget, IconCredit, IconCostCentre, IconStructure,
	IconAddress, IconCalendar, IconTruck, IconInvoice, IconMail, IconPhone, IconSettings, IconSignOut,
	IconTheme, IconKeyboard, IconGrip, IconStar, IconTag, IconStock, IconCatalogue, IconLink, IconSend,
	IconRepeat, IconHistory, IconTest, IconPlay, IconPause, IconGlobe, IconImage, IconBolt, IconEye, IconDeputy,
	IconJob, IconExchange, IconScale, IconNews, IconSave, IconList, IconCards, IconBarcode, IconFlag, IconTrend,
}
