-- The discount of an account after row p_number of the trail: the old value of the first change since then; p_now when there was none.
create or replace function discount_after(p_number bigint, p_account int, p_now int) returns int
language sql stable parallel safe as $$
  select coalesce((
    select old::int from service_changes where what = 'discount' and account_id = p_account and number > p_number order by number limit 1), p_now)
$$;
