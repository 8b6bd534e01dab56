-- +goose Up
-- The words of letters by which products are found, each once, so that what is misspelt can be held against them. A word that
-- no product has any more does no harm: what is proposed is looked for first.
create table product_word (
  word   {{text}} not null primary key,
  length bigint   not null,
  first  {{text}} not null,
  last   {{text}} not null
) {{#lite}}without rowid{{/lite}};
create index product_word_first on product_word (first, length);
create index product_word_last on product_word (last, length);

{{#pg}}
insert into product_word (word, length, first, last)
select s.word, char_length(s.word), left(s.word, 1), right(s.word, 1)
  from ts_stat('select words from product_search') s
 where char_length(s.word) between 4 and 40 and s.word !~ '[0-9]';
{{/pg}}
{{#lite}}
create virtual table product_vocabulary using fts5vocab (product_search, row);
insert into product_word (word, length, first, last)
select v.term, length(v.term), substr(v.term, 1, 1), substr(v.term, -1, 1)
  from product_vocabulary v
 where length(v.term) between 4 and 40 and v.term not glob '*[0-9]*';
drop table product_vocabulary;
{{/lite}}
