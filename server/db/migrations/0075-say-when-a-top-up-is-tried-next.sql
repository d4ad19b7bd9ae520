-- When an automatic top-up is tried next, after a gateway that was away or a card that was refused; null: as soon as the balance is low.
alter table top_ups
  add column due_at timestamptz,
  add column tries integer not null default 0;
