-- What came from another panel (docs/decisions/0072; server/move-in).

-- The panel from which an order was brought over; null: it was placed here. One that had ended there has no line in any book: nothing of it was paid
-- into this ledger, and nothing of it is ever refunded from it.
alter table orders add column moved_in_from text;

-- A key that was made here is 192 random bits, and its plain digest is enough. One that another panel made, or a person chose, is kept as an HMAC by
-- the installation's secret (docs/decisions/0003).
alter table api_keys
  add column scheme text not null default 'sha-256',
  add constraint key_scheme_is_known check (scheme in ('sha-256', 'hmac-sha-256'));

-- What of a panel is here already, by the panel's own ids, so that a second run brings nothing twice. Orders keep their ids and need no row.
create table moved_in (
  panel text not null,
  kind text not null,
  their_id text not null,
  our_id bigint not null,
  at timestamptz not null,
  constraint moved_in_pkey primary key (panel, kind, their_id),
  constraint kind_of_moving_is_known check (kind in ('supplier', 'service', 'account', 'balance', 'key'))
);
