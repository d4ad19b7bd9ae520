-- The value after row p_number of the trail: the old value of the first change since then; p_now when there was none.
create or replace function service_value_after(p_number bigint, p_service int, p_account int, p_what text, p_now text) returns text
language sql stable parallel safe as $$
  select case when c.number is null then p_now else c.old end
  from (values (true)) one(row) left join lateral (
    select number, old from service_changes
    where service_id = p_service and what = p_what and number > p_number and account_id is not distinct from p_account
    order by number limit 1
  ) c on true
$$;
