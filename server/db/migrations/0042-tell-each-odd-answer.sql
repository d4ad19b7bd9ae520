-- One odd answer of a supplier stops no other order, and no id of a supplier's stands for two of our orders (docs/decisions/0027).
-- Owner: server/fulfilment; suppliers: server/suppliers.

alter table hand_offs
  -- Answers about it in a row that nobody could read: it is asked for less and less often.
  add column odd_answers int not null default 0,
  -- Its supplier's id is a person's word: it may be corrected while the order is open.
  add column confirmed_by_staff boolean not null default false,
  -- Its reference is another order's too: noted before there was an index against it, or parked because of it.
  add column shares_reference boolean not null default false;

-- Alerts about such words close when the next answer is read.
update hand_offs set odd_answers = 1
where order_id in (select order_id from alerts where kind = 'unknown status word' and closed_at is null);

-- What is there already stays as it is: of orders that share an id, the oldest keeps it for itself.
update hand_offs h set shares_reference = true
where reference is not null and reference <> 'manual' and exists (
  select from hand_offs older where older.supplier_id = h.supplier_id and older.reference = h.reference and older.order_id < h.order_id
);
create unique index one_order_a_reference on hand_offs (supplier_id, reference)
  where reference is not null and reference <> 'manual' and not shares_reference;
drop index hand_offs_by_reference;

-- The currency in which it answers, as it said first or as the operator says.
alter table suppliers add column currency text;

-- As before; but a child whose id another order of ours was given meanwhile is parked for staff, and does not stop the commit.
create or replace function follow_their_child() returns trigger language plpgsql as $$
declare v_child record;
begin
  update subscription_posts p set order_id = new.order_id
  where p.subscription_id = split_part(new.key, ':', 2)::bigint and p.number = split_part(new.key, ':', 3)::int
    and p.reference is not null and p.order_id is null
  returning p.subscription_id, p.number, p.supplier_id, p.reference into v_child;
  if not found then return null; end if;
  insert into child_orders (order_id, parent_id, number) values (new.order_id, v_child.subscription_id, v_child.number);
  insert into hand_offs (order_id, supplier_id, reference, state, due_at, claimed_at)
  select o.id, v_child.supplier_id, v_child.reference, 'sent', o.placed_at, o.placed_at from orders o where o.id = new.order_id
  on conflict (supplier_id, reference) where reference is not null and reference <> 'manual' and not shares_reference do nothing;
  if not found then
    insert into hand_offs (order_id, supplier_id, reference, state, due_at, claimed_at, shares_reference, words)
    select o.id, v_child.supplier_id, v_child.reference, 'unconfirmed', 'infinity', o.placed_at, true, 'Its id is that of another order of ours'
    from orders o where o.id = new.order_id;
    insert into alerts (kind, supplier_id, order_id, words, first_at, last_at)
    select 'unconfirmed hand-off', v_child.supplier_id, o.id, format('Its id %s is that of another order of ours', v_child.reference), o.placed_at, o.placed_at
    from orders o where o.id = new.order_id
    on conflict do nothing;
  end if;
  update orders set sent = true where id = new.order_id;
  return null;
end $$;
