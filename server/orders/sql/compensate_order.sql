-- Pays back for a missed promise. The caller holds the locks of lock_orders() and has found that so much of the charge is left.
create or replace function compensate_order(p_now timestamptz, p_order bigint, p_promise text, p_amount bigint, p_words text) returns void
language plpgsql as $$
declare r record;
begin
  update orders set refunded = refunded + p_amount where id = p_order returning book_id, status, start_count, remains into strict r;
  perform post_transfer(r.book_id, 'compensation', p_amount, p_order, p_promise || ' promise missed', p_words, p_now);
  perform add_order_event(r.book_id, p_order, null, p_now, 'docket', r.status::text, r.start_count, r.remains, p_words);
end $$;
