-- Decides which orders of a batch can be paid: by the wallets of the books that are short (p_short), and by the daily caps of their
-- keys. Orders whose outcome is 1 so far are checked one after another: each stays 1 and is counted, or becomes 2 (not enough funds)
-- or 8 (daily cap). The caller holds the locks of the books.
create or replace function cover_capped_orders(
  p_now timestamptz, p_books int[], p_keys int[], p_charges bigint[], p_short int[], p_outcomes smallint[]
) returns smallint[] language plpgsql as $$
declare
  v_day date := (p_now at time zone 'utc')::date;
  v_keys int[];
  v_left bigint[];
  v_spent bigint[];
  v_book int := 0;
  v_wallet bigint;
  v_at int;
  r record;
begin
  insert into key_spending (key_id, day)
    select distinct k.id, v_day from api_keys k where k.id = any(p_keys) and k.daily_cap is not null
    on conflict (key_id) do nothing;
  -- A node whose clock is late counts into the day that has begun already.
  select array_agg(c.id), array_agg(c.daily_cap - case when c.day >= v_day then c.spent else 0 end), array_agg(0::bigint)
  into v_keys, v_left, v_spent
  from (
    select k.id, k.daily_cap, s.day, s.spent from key_spending s join api_keys k on k.id = s.key_id
    where s.key_id = any(p_keys) and k.daily_cap is not null order by s.key_id for no key update of s
  ) c;

  for r in
    select t.n, t.book, t.key, t.charge, t.book = any(p_short) as short
    from unnest(p_books, p_keys, p_charges) with ordinality as t(book, key, charge, n)
    where p_outcomes[t.n] = 1 and (t.book = any(p_short) or t.key = any(v_keys))
    order by t.book, t.n
  loop
    if r.short and r.book <> v_book then
      v_book := r.book;
      select case when b.owed < 0 then -1 else b.wallet end into v_wallet from books b where b.id = r.book;
    end if;
    v_at := array_position(v_keys, r.key);
    if v_at is not null and r.charge > v_left[v_at] then
      p_outcomes[r.n] := 8;
    elsif r.short and r.charge > v_wallet then
      p_outcomes[r.n] := 2;
    else
      if r.short then v_wallet := v_wallet - r.charge; end if;
      if v_at is not null then
        v_left[v_at] := v_left[v_at] - r.charge;
        v_spent[v_at] := v_spent[v_at] + r.charge;
      end if;
    end if;
  end loop;

  update key_spending s set day = greatest(s.day, v_day), spent = case when s.day >= v_day then s.spent else 0 end + t.spent
  from unnest(v_keys, v_spent) as t(key, spent) where s.key_id = t.key and t.spent > 0;
  return p_outcomes;
end $$;
