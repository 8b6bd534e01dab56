-- +goose Up
-- Words are looked for whatever their case, in every script. The other engine is given the function by Kontor itself.
{{#pg}}
-- +goose StatementBegin
do $$
begin
  if exists (select 1 from pg_collation where collname = 'und-x-icu') then
    execute $f$create function fold(text) returns text language sql immutable strict parallel safe
      as 'select lower($1 collate "und-x-icu") collate "C"'$f$;
  else -- a server that was built without ICU
    execute $f$create function fold(text) returns text language sql immutable strict parallel safe
      as 'select lower($1 collate "default") collate "C"'$f$;
  end if;
end
$$;
-- +goose StatementEnd
{{/pg}}
