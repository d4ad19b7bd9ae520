-- The books only grow: a mistake is corrected by another entry. Append-only tables of other folders use it too.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op)
    using hint = 'Book a correction instead.', errcode = 'restrict_violation';
end $$;
