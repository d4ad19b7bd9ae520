-- Who of staff works on an order by hand. Owner: server/fulfilment.
create table work_claims (
  order_id bigint primary key,
  -- Null: a command on the machine itself.
  staff_id int references staff,
  who text not null,
  claimed_at timestamptz not null,
  -- Afterwards anybody may take it.
  until timestamptz not null,
  -- Given back: it cannot be held on to any more.
  released boolean not null default false
);
create index work_claims_by_end on work_claims (until);

-- The refills that somebody waits for, oldest first, for staff.
create index open_refills on refills (id) where status in ('Pending', 'In progress');
