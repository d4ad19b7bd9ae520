-- Takes the oldest refills of orders that these suppliers fulfilled. The caller moves them on in the same transaction, so another pull
-- that waits for their row locks finds them moved.
create or replace function pull_manual_refills(p_suppliers int[], p_services int[], p_most int)
returns table (refill_id bigint, order_id bigint) language sql as $$
  with due as (
    select r.id, r.order_id, h.supplier_id
    from refills r
    join hand_offs h on h.order_id = r.order_id and h.supplier_id = any(p_suppliers)
    join orders o on o.id = r.order_id
    where r.status = 'Pending' and (p_services is null or o.service_id = any(p_services))
    order by r.id limit p_most for no key update of r skip locked
  ),
  noted as (
    insert into refill_hand_offs (refill_id, supplier_id, reference, state, due_at)
    select d.id, d.supplier_id, 'manual', 'sent', 'infinity' from due d on conflict (refill_id) do nothing
  )
  select d.id, d.order_id from due d order by d.id
$$;
