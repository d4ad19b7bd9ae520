-- The books only grow: a mistake is corrected by another entry. Other rooms keep their own append-only tables with it too.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op)
    using hint = 'Book a correction instead.', errcode = 'restrict_violation';
end $$;
