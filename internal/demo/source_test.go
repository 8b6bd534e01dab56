package demo

import (
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"kontor/internal/base/quantity"
)

// small is a source of two people and one order, as it should be.
func small() fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"employees.csv": "\ufeffemployee_id, login ,email,job_title,department,department_group,manager_id\r\n" +
			"2,bob0,bob0@example.com,Buyer,Purchasing,Inventory,1\r\n" +
			"1,josÃ©0,jos0@example.com,Chief,Executive,,\r\n",
		"products.csv":           "sku,name,category,subcategory,color,size,size_unit,list_price,sell_end,more\nNUT,Nut,,,,,,.0000,,x\n",
		"vendor_prices.csv":      "unit,sku,vendor_account,vendor_name,lead_time_days,price,min_order_qty,max_order_qty\nEA,NUT,ACME,\"Acme, Inc.\",7,.0150,1,1000\n",
		"quantity_discounts.csv": "description,discount,type,category,min_qty\nNone,.0000,None,None,0\n",
		"purchase_orders.csv":    "po_id,status,employee_id,vendor_account,vendor_name,order_date,subtotal\n9,complete,2,ACME,Acme,2025-03-02,.1500\n7,pending,2,ACME,Acme,2025-03-01,.0300\n",
		"purchase_order_lines.csv": "po_id,sku,qty,unit_price\n9,NUT,10,.0150\n" +
			"7,NUT,2,.0150\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestReadTakesWhatIsRight(t *testing.T) {
	s, err := Read(small())
	if err != nil {
		t.Fatal(err)
	}
	chief, bob := s.People[0], s.People[1]
	if chief.First != "José" || bob.Manager != chief || chief.Manager != nil {
		t.Errorf("the people: %+v, %+v", chief, bob)
	}
	if o := s.Orders[0]; o.Number != "7" || o.Buyer != bob || o.Lines[0].Quantity != quantity.Of(2) || s.Orders[1].Subtotal != 1500 {
		t.Errorf("the orders: %+v", s.Orders)
	}
	if o := s.Offers[0]; o.Item() != "NUT@ACME" || o.VendorName != "Acme, Inc." || o.Price.E4 != 150 || o.LeadDays != 7 {
		t.Errorf("the offer: %+v", o)
	}
}

func TestReadSaysWhatIsWrongAndWhere(t *testing.T) {
	for _, c := range []struct{ sentence, file, old, new, want string }{
		{"a login is missing", "employees.csv", "bob0,bob0@", ",bob0@", "employees.csv row 2, column login: it is empty"},
		{"a column is missing", "employees.csv", "job_title", "title", "employees.csv row 2, column job_title: there is no such column"},
		{"a manager is nobody", "employees.csv", "Inventory,1", "Inventory,3", "employees.csv row 2, column manager_id: there is no employee 3"},
		{"somebody is above themselves", "employees.csv", "Executive,,", "Executive,,2", "employees.csv row 2, column manager_id: bob0 is above themselves"},
		{"two are above all", "employees.csv", "Inventory,1", "Inventory,", "employees.csv: one person, and one only, has no manager"},
		{"an employee comes twice", "employees.csv", "\n1,", "\n2,", "employees.csv row 3, column employee_id: 2 is there twice"},
		{"a row is too short", "products.csv", ",x", "", "products.csv row 2: 9 values in 10 columns"},
		{"a price is a word", "vendor_prices.csv", ".0150", "cheap", `vendor_prices.csv row 2, column price: "cheap" is no amount`},
		{"a price has five decimals", "vendor_prices.csv", ".0150", ".01501", `".01501" is no amount`},
		{"a price is below zero", "vendor_prices.csv", ".0150", "-1", `"-1" is no amount`},
		{"an offer is of no product", "vendor_prices.csv", "NUT", "BOLT", "vendor_prices.csv row 2, column sku: there is no product BOLT"},
		{"a quantity is nothing", "purchase_order_lines.csv", ",2,", ",0,", `purchase_order_lines.csv row 3, column qty: "0"`},
		{"a line is of no order", "purchase_order_lines.csv", "\n7,", "\n8,", "row 3, column po_id: there is no purchase order 8"},
		{"lines come to something else", "purchase_order_lines.csv", ",2,", ",3,", "purchase_orders.csv row 3, column subtotal: it is 0.03, and the lines come to 0.045"},
		{"an order is of nobody", "purchase_orders.csv", "complete,2", "complete,5", "purchase_orders.csv row 2, column employee_id: there is no employee 5"},
		{"a status is unknown", "purchase_orders.csv", "pending", "lost", `column status: "lost" is not`},
		{"a day is none", "purchase_orders.csv", "2025-03-01", "2025-02-30", `column order_date: "2025-02-30"`},
		{"a quote is not closed", "products.csv", "Nut", `"Nut`, "products.csv:"},
		{"a file is empty", "quantity_discounts.csv", "", "", "quantity_discounts.csv: the file is empty"},
		{"a file is missing", "employees.csv", "", "-", "open employees.csv"},
	} {
		files := maps.Clone(small())
		text := string(files[c.file].Data)
		switch {
		case c.old != "":
			files[c.file] = &fstest.MapFile{Data: []byte(strings.Replace(text, c.old, c.new, 1))}
		case c.new == "":
			files[c.file] = &fstest.MapFile{}
		default:
			delete(files, c.file)
		}
		if _, err := Read(files); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.sentence, err, c.want)
		}
	}
}

func TestTooManyMistakesAreCounted(t *testing.T) {
	files := small()
	files["purchase_order_lines.csv"].Data = append(files["purchase_order_lines.csv"].Data, strings.Repeat("8,NUT,1,1\n", 60)...)
	if _, err := Read(files); err == nil || !strings.HasSuffix(err.Error(), "and 10 more") {
		t.Errorf("got %v", err)
	}
}

func TestTheSourceThatComesWithKontor(t *testing.T) {
	s := source(t)
	outcomes, sum := map[Outcome]int{}, int64(0)
	for _, o := range s.Orders {
		outcomes[o.Outcome]++
		sum += o.Subtotal
	}
	if len(s.People) != 290 || len(s.Goods) != 504 || len(s.Offers) != 460 || len(departments(s.People)) != 16 || sum != 637919948380 ||
		!maps.Equal(outcomes, map[Outcome]int{Complete: 3689, Pending: 225, Rejected: 86, Approved: 12}) {
		t.Errorf("%d people, %d goods, %d offers, %d departments, %v, %d", len(s.People), len(s.Goods), len(s.Offers), len(departments(s.People)), outcomes, sum)
	}
	if _, err := fs.Stat(adventureworks, "adventureworks/LICENSE.txt"); err != nil {
		t.Error("the licence does not come along:", err)
	}
}

func TestNobodySharesAName(t *testing.T) {
	names := map[string]bool{}
	for _, p := range source(t).People {
		if p.First == "" || p.Last == "" || names[p.Name()] || strings.ContainsAny(p.Name(), "0123456789Ã") {
			t.Errorf("%s is called %q", p.Login, p.Name())
		}
		names[p.Name()] = true
	}
	again := source(t)
	for i, p := range source(t).People {
		if p.Name() != again.People[i].Name() {
			t.Errorf("%s is called %s and %s", p.Login, p.Name(), again.People[i].Name())
		}
	}
	for login, want := range map[string]string{"ken0": "Ken", "kok-ho0": "Kok-Ho", "o'neil12": "O-Neil", "7": ""} {
		if got := firstName(login); got != want {
			t.Errorf("%s is called %s, want %s", login, got, want)
		}
	}
}

func source(t testing.TB) *Source {
	t.Helper()
	s, err := AdventureWorks()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
