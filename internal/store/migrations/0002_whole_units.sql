-- +goose Up
-- A product without a step was kept as one sold by the thousandth; it is sold in whole units. What cannot be, because
-- less than one is the most that is sold, stays as it is.
update product set step = 1000 where step = 1 and (most = 0 or most >= 1000);
update product set minimum = step where minimum < step;
