-- Hand-offs (owner: server/fulfilment) and the simulated supplier's own book of work (owner: server/suppliers).

create table hand_offs (
  order_id bigint primary key,
  supplier_id int not null references suppliers,
  -- The supplier's own id for it; null until the supplier has answered.
  reference text,
  -- When somebody should next call the supplier about it; a claim moves it on, so a crash is only a delay.
  due_at timestamptz not null,
  attempts int not null default 0,
  cancel_sent boolean not null default false
);
create index hand_offs_due on hand_offs (supplier_id, due_at);

create table simulated_orders (
  -- The order's own id, so that the same hand-off twice is one piece of work.
  reference text primary key,
  quantity bigint not null,
  start_count bigint not null,
  ending text not null,
  started_at timestamptz not null,
  seconds double precision not null,
  canceled_at timestamptz
);
