-- Subscriptions whose watch for new posts is kept by their supplier (docs/decisions/0011). Owner: server/orders; the trigger writes
-- hand_offs in that table's own terms.

alter table subscriptions
  -- What the supplier that watches last said of it, and when; its first final word stays.
  add column their_status order_status,
  add column told_at timestamptz;

-- A child order that a supplier made is a post too: it waits for money and is charged like one that was fed. Of these alone the
-- quantity may be unknown: then staff decide, and nothing is charged before.
alter table subscription_posts
  alter column quantity drop not null,
  add column supplier_id int,
  -- Their id of the child order.
  add column reference text,
  -- The address of the post, where the supplier told it.
  add column link text,
  add constraint a_child_has_its_supplier_and_their_id check ((supplier_id is null) = (reference is null)),
  add constraint only_their_quantity_may_be_unknown check (quantity is not null or (reference is not null and order_id is null));
-- Charged once, whoever lists it and however often, and of whatever subscription.
create unique index one_post_a_reference on subscription_posts (supplier_id, reference) where reference is not null;

-- Both are small: what is looked for are the bindings that say so, and of their services the subscriptions that wait.
create index bindings_that_watch on service_suppliers (supplier_id, service_id) where their_type = 'Subscriptions';
create index subscriptions_to_hand_off on orders (supplier_id, service_id, id) where not sent and not ended and kind = 'subscription';
-- Whether a child that a supplier lists is an order that we know as another one.
create index hand_offs_by_reference on hand_offs using hash (reference) where reference <> 'manual';

-- In the commit that places and charges the order of a child that the supplier has made already: it is with its supplier from its
-- first moment. A crash leaves either nothing of it or all, and no loop ever sees it as an order that waits to be handed over.
create function follow_their_child() returns trigger language plpgsql as $$
declare v_child record;
begin
  update subscription_posts p set order_id = new.order_id
  where p.subscription_id = split_part(new.key, ':', 2)::bigint and p.number = split_part(new.key, ':', 3)::int
    and p.reference is not null and p.order_id is null
  returning p.subscription_id, p.number, p.supplier_id, p.reference into v_child;
  if not found then return null; end if;
  insert into child_orders (order_id, parent_id, number) values (new.order_id, v_child.subscription_id, v_child.number);
  insert into hand_offs (order_id, supplier_id, reference, state, due_at, claimed_at)
  select o.id, v_child.supplier_id, v_child.reference, 'sent', o.placed_at, o.placed_at from orders o where o.id = new.order_id;
  update orders set sent = true where id = new.order_id;
  return null;
end $$;
-- Customers' own keys have no control character.
create trigger a_child_of_theirs_is_with_them after insert on retry_keys
  for each row when (new.key like E'\x01post:%') execute function follow_their_child();
