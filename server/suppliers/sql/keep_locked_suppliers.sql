-- The panel that made this one is its supplier: here nobody changes where it is reached, or its key. That panel itself says so with docket.by_parent.
create or replace function keep_locked_suppliers() returns trigger language plpgsql as $$
begin
  if not old.locked or coalesce(current_setting('docket.by_parent', true), '') = 'on' then
    return case tg_op when 'DELETE' then old else new end;
  end if;
  if tg_op = 'UPDATE' and (new.locked, new.url, new.sealed_key, new.protocol, new.name) is not distinct from
    (old.locked, old.url, old.sealed_key, old.protocol, old.name) then
    return new;
  end if;
  raise exception '% is the panel that made this one: % refused', old.name, lower(tg_op) using errcode = 'restrict_violation';
end $$;
