-- Where an order comes from, in columns of its own instead of the beginnings of other texts (docs/decisions/0030). Owner: server/orders.
--
-- Nothing is written to the rows that are there and none is read: null needs no place, and the constraint is checked from the next change
-- of a row on. server/orders/origins.ts fills in the older orders while the house is open.
alter table orders
  -- The drip-feed or subscription that it belongs to; null: it was ordered by itself.
  add column parent_id bigint,
  -- A run of a drip-feed, which has paid for it, or the order of a subscription's post.
  add column origin text,
  add constraint origin_and_parent_go_together check (
    case when origin is null then parent_id is null else origin in ('run', 'post') and parent_id is not null end) not valid;

-- How far rows of an older form are brought to the newer one. Owner: server/db.
create table conversions (
  name text primary key,
  -- The last row that was looked at, by its id.
  after bigint not null default 0,
  done_at timestamptz
);
insert into conversions (name) values ('origins of orders');
