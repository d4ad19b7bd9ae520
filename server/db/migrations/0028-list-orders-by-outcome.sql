-- Lists of an account's orders, open and ended apart (docs/decisions/0014). Owner: server/orders.
--
-- PostgreSQL writes a row anew into every index as soon as a column changes that any index of its table names, also one that does not
-- hold the row. So no index names what changes on the way, status and started_at: they name how an order ended, which is null until then.

drop index orders_of_a_book;
drop index ended_orders_of_a_link;
drop index completed_orders_of_a_service;

-- Generated only for the rows that are there: a generated column is computed at each placing, a trigger's condition costs next to nothing.
alter table orders add column outcome order_status generated always as (case when ended then status end) stored;
alter table orders alter column outcome drop expression;
create function note_outcome() returns trigger language plpgsql as $$
begin
  new.outcome := new.status;
  return new;
end $$;
create trigger an_ended_order_has_an_outcome before insert or update of ended on orders
  for each row when (new.ended) execute function note_outcome();
alter table orders
  drop constraint ended_matches_status,
  add constraint ended_matches_status check (
    case when ended then status in ('Completed', 'Partial', 'Canceled', 'Expired') and outcome is not distinct from status
    else status not in ('Completed', 'Partial', 'Canceled', 'Expired') and outcome is null end);

create index completed_orders_of_a_service on orders (service_id, ended_at) where outcome = 'Completed' and kind = 'single';

-- The one that placing pays. Behind what it is ordered by stands what is searched for: many open orders are looked through in the index.
create index open_orders_of_a_book on orders (book_id, placed_at, id, service_id, hashtext(link)) where not ended;

-- An order enters these when it ends.
create index ended_orders_of_a_book on orders (book_id, outcome, placed_at, id) where ended;
create index ended_orders_of_a_service on orders (book_id, service_id, outcome, placed_at, id) where ended;
create index ended_orders_of_a_link on orders (book_id, hashtext(link), placed_at, id) where ended;

-- Drip-feeds and subscriptions; plain orders pay nothing.
create index followed_orders_of_a_book on orders (book_id, kind, ended, placed_at, id) where kind <> 'single';
create index refills_of_a_book on refills (book_id, status, id);
