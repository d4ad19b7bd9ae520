-- Requests a cancel in the name of staff, or removes the request, so that the customer may ask again. The caller holds the orders' row
-- locks and has checked them.
create or replace function set_cancel_requests(p_now timestamptz, p_ids bigint[], p_asked boolean, p_by text, p_words text) returns void
language plpgsql as $$
declare r record;
begin
  update orders o set cancel_asked_at = case when p_asked then p_now end where o.id = any(p_ids) and not o.ended;
  update hand_offs h set cancel_sent = false where h.order_id = any(p_ids);
  for r in
    select o.book_id, o.id, o.status, o.start_count, o.remains from orders o where o.id = any(p_ids) and not o.ended order by o.book_id, o.id
  loop
    perform add_order_event(r.book_id, r.id, null, p_now, p_by, r.status::text, r.start_count, r.remains, p_words);
  end loop;
end $$;
