-- What the desk lists in a house with millions of orders. Owners: server/orders, server/loops, server/catalog.

-- Cancels that were asked for, the newest request first. It takes the place of an index under the same condition, so that no order pays more than before.
drop index orders_with_a_cancel_asked;
create index orders_with_a_cancel_asked on orders (supplier_id, cancel_asked_at, id) where cancel_asked_at is not null and not ended;

-- The timeline of an order has its closed alerts too.
drop index open_alerts_of_an_order;
create index alerts_of_an_order on alerts (order_id) where order_id is not null;
