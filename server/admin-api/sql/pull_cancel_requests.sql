-- Answers the cancel requests that staff have not seen yet, each once.
create or replace function pull_cancel_requests(p_supplier int, p_services int[], p_most int) returns setof bigint language sql as $$
  update hand_offs h set cancel_sent = true
  from (
    select c.order_id from orders o join hand_offs c on c.order_id = o.id
    where o.supplier_id = p_supplier and o.cancel_asked_at is not null and not o.ended and c.state = 'sent' and not c.cancel_sent
      and (p_services is null or o.service_id = any(p_services))
    order by o.id limit p_most for no key update of c skip locked
  ) due
  where h.order_id = due.order_id
  returning h.order_id
$$;
