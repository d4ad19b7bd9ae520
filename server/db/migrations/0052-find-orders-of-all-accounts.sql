-- Orders of all accounts are found by their link and by their service, and keys by their first characters. Owners: server/orders, server/customers.
--
-- Two indexes that an order enters when it ends begin with the link and with the service instead of the book. Lists of one book name both, so they are
-- read as before; an index of the desk's own would be paid by every order.
drop index ended_orders_of_a_link;
create index ended_orders_of_a_link on orders (hashtext(link), book_id, placed_at, id) where ended;
drop index ended_orders_of_a_service;
create index ended_orders_of_a_service on orders (service_id, book_id, outcome, placed_at, id) where ended;

create index keys_by_prefix on api_keys (prefix);

-- A list of the desk with its filters and columns, as a member of staff keeps it under a name. Owner: server/staff.
create table desk_views (
  id bigint generated always as identity primary key,
  staff_id integer not null references staff (id),
  -- The place of the list below /desk, like orders.
  place text not null,
  name text not null,
  -- What stands behind the question mark of its address.
  address text not null,
  -- Everybody sees it; only its owner changes it.
  shared boolean not null default false,
  made_at timestamptz not null,
  constraint a_view_has_a_name check (name <> ''),
  constraint one_view_a_name unique (staff_id, place, name)
);
create index shared_views on desk_views (place, name) where shared;
