-- Adds an event to the feed of a book. The row lock on the feed numbers the events in the order in which they commit, so a reader that has
-- seen change 7 never meets a 6 later.
create or replace function add_order_event(
  p_book int, p_order bigint, p_refill bigint, p_at timestamptz, p_by text, p_status text, p_start_count bigint, p_remains bigint,
  p_words text
) returns void language plpgsql as $$
declare v_change bigint;
begin
  insert into feeds as f (book_id, changes) values (p_book, 1)
    on conflict (book_id) do update set changes = f.changes + 1
    returning changes into v_change;
  insert into order_events (book_id, change, order_id, refill_id, at, by, status, start_count, remains, words)
  values (p_book, v_change, p_order, p_refill, p_at, p_by, p_status, p_start_count, p_remains, p_words);
end $$;
