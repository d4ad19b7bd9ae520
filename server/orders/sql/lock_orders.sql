-- Takes the locks in the one order that is used everywhere: orders, books, feeds, each by id. A transaction that moves money of several
-- orders in several steps takes all of them first.
create or replace function lock_orders(p_ids bigint[]) returns void language plpgsql as $$
begin
  perform 1 from orders o where o.id = any(p_ids) order by o.id for no key update;
  perform 1 from books b where b.id in (select o.book_id from orders o where o.id = any(p_ids)) order by b.id for no key update;
  insert into feeds (book_id)
    select distinct o.book_id from orders o where o.id = any(p_ids) order by 1 on conflict do nothing;
  perform 1 from feeds f where f.book_id in (select o.book_id from orders o where o.id = any(p_ids)) order by f.book_id for no key update;
end $$;
