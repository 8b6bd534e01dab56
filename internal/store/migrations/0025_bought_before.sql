-- +goose Up
-- What a company has bought of a product before: the purchase orders in their order, which is that of their identifiers.
create index purchase_order_line_product on purchase_order_line (company_id, product_id, purchase_order_id);
