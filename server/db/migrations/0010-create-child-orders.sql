-- Runs of drip-feeds and posts of subscriptions are orders of their own. Owner: server/orders.

create table child_orders (
  order_id bigint primary key,
  parent_id bigint not null,
  -- 1 for the first run or post.
  number int not null,
  constraint one_child_a_number unique (parent_id, number)
);

alter table drip_feeds
  -- Null: at once.
  add column next_run_at timestamptz,
  -- A run moved, or a cancel was asked for: the parent is to be summed up again.
  add column stale boolean not null default false,
  add column done boolean not null default false;
create index drip_feeds_running on drip_feeds (next_run_at nulls first) where runs_started < runs and not done;
create index drip_feeds_stale on drip_feeds (order_id) where stale and not done;

-- Paused for want of money when the book had so many lines.
alter table subscriptions add column paused_at_line bigint;

create table subscription_posts (
  subscription_id bigint not null,
  -- The address of the post; the same one is served once.
  post text not null,
  number int not null,
  quantity bigint not null,
  due_at timestamptz not null,
  order_id bigint,
  -- Why no order was placed for it, when none ever will be.
  refused text,
  primary key (subscription_id, post),
  constraint one_post_a_number unique (subscription_id, number)
);
create index posts_due on subscription_posts (due_at) where order_id is null and refused is null;
create index open_subscriptions on orders (id) where kind = 'subscription' and not ended;

-- Starts the runs that are due: a child order each, paid by its parent. A late run is followed at half its interval, so that
-- what was missed is caught up without bunching. Answers the children.
create function start_due_runs(p_now timestamptz, p_most int) returns table (parent_id bigint, order_id bigint)
language plpgsql as $$
#variable_conflict use_column
declare
  r record;
  v_id bigint;
begin
  for r in
    select d.order_id as parent, d.run_quantity, d.runs_started, d.next_run_at, make_interval(mins => d.interval_minutes) as pause,
      o.book_id, o.key_id, o.service_id, o.supplier_id, o.link, o.parameters - 'runs' - 'interval' as parameters
    from drip_feeds d join orders o on o.id = d.order_id
    where d.runs_started < d.runs and not d.done and (d.next_run_at is null or d.next_run_at <= p_now)
      and not o.ended and o.cancel_asked_at is null and o.supplier_id is not null
    order by d.next_run_at nulls first limit p_most
    for update of o, d skip locked
  loop
    update order_ids set next = next + 1 returning next - 1 into v_id;
    insert into orders (id, book_id, key_id, service_id, supplier_id, quantity, charge, rate, rate_source, remains, link, parameters, placed_at)
    values (v_id, r.book_id, r.key_id, r.service_id, r.supplier_id, r.run_quantity, 0, '0', 'run of order ' || r.parent, r.run_quantity,
      r.link, nullif(r.parameters, '{}'), p_now);
    insert into child_orders (order_id, parent_id, number) values (v_id, r.parent, r.runs_started + 1);
    update drip_feeds d set runs_started = d.runs_started + 1, stale = true,
      next_run_at = greatest(coalesce(r.next_run_at, p_now) + r.pause, p_now + r.pause / 2)
    where d.order_id = r.parent;
    parent_id := r.parent; order_id := v_id;
    return next;
  end loop;
end $$;

-- A child that moved makes its drip-feed stale.
create function tell_parent_of_move() returns trigger language plpgsql as $$
begin
  update drip_feeds d set stale = true from child_orders c where c.order_id = new.id and d.order_id = c.parent_id and not d.stale;
  return null;
end $$;
create trigger a_moved_run_tells_its_parent after update of status, remains on orders
  for each row when (new.rate_source like 'run of order %') execute function tell_parent_of_move();
create function tell_of_cancel() returns trigger language plpgsql as $$
begin
  update drip_feeds d set stale = true where d.order_id = new.id;
  update orders o set cancel_asked_at = new.cancel_asked_at
  from child_orders c where c.parent_id = new.id and o.id = c.order_id and not o.ended and o.cancel_asked_at is null;
  return null;
end $$;
create trigger a_cancel_reaches_the_runs after update of cancel_asked_at on orders
  for each row when (new.kind = 'drip-feed' and new.cancel_asked_at is not null) execute function tell_of_cancel();
create function close_drip_feed() returns trigger language plpgsql as $$
begin
  update drip_feeds set done = true where order_id = new.id;
  return null;
end $$;
create trigger an_ended_drip_feed_starts_no_run after update of ended on orders
  for each row when (new.kind = 'drip-feed' and new.ended) execute function close_drip_feed();
