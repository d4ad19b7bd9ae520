-- At the commit of a change to a table that only acts may change: refuses it when its transaction has written no line of the log. The
-- writer of a line holds the lock of the log until its commit, so its line is the newest here.
create or replace function refuse_what_is_not_logged() returns trigger language plpgsql as $$
begin
  if (select l.transaction from staff_log l order by l.line desc limit 1) is distinct from pg_current_xact_id() then
    raise exception '% changes only by an act, which is in the log', tg_table_name;
  end if;
  return null;
end $$;
