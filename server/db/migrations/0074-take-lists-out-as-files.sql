-- Reports and lists of orders that staff take out as files, made piece by piece. Owner: server/jobs.
create table exports (
  id bigint generated always as identity primary key,
  kind text not null constraint export_of_a_known_kind check (kind in ('report', 'orders')),
  filter json not null,
  format text not null constraint export_in_a_known_format check (format in ('csv', 'jsonl')),
  staff_id integer references staff,
  who text not null,
  made_at timestamptz not null,
  -- When a node last wrote a piece of it; null: nobody works on it.
  worked_at timestamptz,
  -- Where the next piece begins; null: at the beginning.
  place json,
  parts integer not null default 0,
  rows bigint not null default 0,
  ended_at timestamptz
);
create index exports_under_way on exports (id) where ended_at is null;

create table export_parts (
  export_id bigint not null references exports on delete cascade,
  part integer not null,
  text text not null,
  primary key (export_id, part)
);
