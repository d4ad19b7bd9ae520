-- Runs in the commit that places and charges the order of a child that the supplier has made already: the order is with its supplier from the first
-- moment. A crash leaves either nothing or everything, and no loop ever sees it as an order that waits to be handed over. If another of our orders
-- has got the child's id meanwhile, the child is parked for staff and the commit continues. The order of a post that no supplier has yet is not
-- changed.
create or replace function follow_their_child(p_order bigint, p_subscription bigint, p_number int) returns void language plpgsql as $$
declare v_child record;
begin
  update subscription_posts p set order_id = p_order
  where p.subscription_id = p_subscription and p.number = p_number and p.reference is not null and p.order_id is null
  returning p.subscription_id, p.number, p.supplier_id, p.reference into v_child;
  if not found then return; end if;
  insert into child_orders (order_id, parent_id, number) values (p_order, v_child.subscription_id, v_child.number);
  insert into hand_offs (order_id, supplier_id, reference, state, due_at, claimed_at)
  select o.id, v_child.supplier_id, v_child.reference, 'sent', o.placed_at, o.placed_at from orders o where o.id = p_order
  on conflict (supplier_id, reference) where reference is not null and reference <> 'manual' and not shares_reference do nothing;
  if not found then
    insert into hand_offs (order_id, supplier_id, reference, state, due_at, claimed_at, shares_reference, words)
    select o.id, v_child.supplier_id, v_child.reference, 'unconfirmed', 'infinity', o.placed_at, true, 'Its id is that of another order of ours'
    from orders o where o.id = p_order;
    insert into alerts (kind, supplier_id, order_id, words, first_at, last_at)
    select 'unconfirmed hand-off', v_child.supplier_id, o.id, format('Its id %s is that of another order of ours', v_child.reference), o.placed_at, o.placed_at
    from orders o where o.id = p_order
    on conflict do nothing;
  end if;
  update orders set sent = true where id = p_order;
end $$;
