-- Lists of orders that are checked as a whole and then placed line by line (docs/decisions/0013). Owner: server/orders.

create table mass_orders (
  id bigint generated always as identity primary key,
  book_id int not null references books,
  -- The form that brought it, and what it brought: sent twice, it is one list.
  form text not null,
  -- The row that names the columns, as typed; null where they stand in the usual order.
  heading text,
  made_at timestamptz not null,
  -- When its placing was asked for; null: it was only checked.
  placing_since timestamptz,
  -- When a node last worked on it; null while it is not placed, or when its placing was given up.
  worked_at timestamptz,
  -- When nothing was left to place.
  done_at timestamptz,
  -- As they were at worked_at. Whether one line is placed is told by its retry key alone.
  lines int not null,
  placed int not null default 0,
  refused int not null,
  charged bigint not null default 0,
  constraint one_list_per_form unique (book_id, form),
  constraint only_what_was_begun_is_done check (done_at is null or placing_since is not null)
);
create index mass_orders_of_a_book on mass_orders (book_id, id);
create index mass_orders_under_way on mass_orders (worked_at) where placing_since is not null and done_at is null;
create index mass_orders_to_forget on mass_orders (made_at);

create table mass_order_lines (
  mass_order_id bigint not null references mass_orders on delete cascade,
  -- Where it begins in what was sent, from 1.
  number int not null,
  source text not null,
  -- Null: it could not be read.
  parameters jsonb,
  -- What it cost when it was shown: it is not placed for more. Null: it could not be priced.
  charge bigint,
  -- Why it is not placed, as the API says it; counts only while there is no order of it.
  refusal_code text,
  refusal text,
  primary key (mass_order_id, number)
);

-- The name under which a line is ordered; the control character keeps it apart from every key that a customer can choose.
create function mass_order_key(p_mass_order bigint, p_number int) returns text language sql immutable parallel safe
  return E'\x01mass:' || p_mass_order || ':' || p_number;

-- What became of each line. A line is placed when its retry key has an order: both come into being in the commit that charges, so a
-- node that dies between that commit and any note of it leaves nothing to be mended. The lateral look-ups are one index step each.
create view mass_order_outcomes as
  select l.mass_order_id, l.number, l.source, l.parameters, k.order_id, coalesce(o.charge, l.charge) as charge,
    case when k.order_id is null then l.refusal_code end as refusal_code, case when k.order_id is null then l.refusal end as refusal
  from mass_order_lines l join mass_orders m on m.id = l.mass_order_id
  left join lateral (
    select r.order_id from retry_keys r where r.book_id = m.book_id and r.key = mass_order_key(l.mass_order_id, l.number) offset 0
  ) k on true
  left join lateral (select o.charge from orders o where o.id = k.order_id offset 0) o on true;

-- Counts what became of a list's lines. Under its row's lock, so that nobody writes over a newer count with an older one, and a list
-- whose lines are taken up again meanwhile is not done.
create function count_mass_order(p_id bigint, p_now timestamptz) returns setof mass_orders language plpgsql as $$
begin
  perform from mass_orders where id = p_id for update;
  return query
    update mass_orders m set placed = now.placed, refused = now.refused, charged = now.charged, worked_at = p_now,
      done_at = case when now.lines = now.placed + now.refused then coalesce(m.done_at, p_now) end
    from (
      select count(*) as lines, count(o.order_id)::int as placed, count(o.refusal_code)::int as refused,
        coalesce(sum(o.charge) filter (where o.order_id is not null), 0)::bigint as charged
      from mass_order_outcomes o where o.mass_order_id = p_id
    ) now
    where m.id = p_id
    returning m.*;
end $$;
