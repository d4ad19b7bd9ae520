-- Panels that move in from the desk, and everything of this house that is taken out as one file: what was asked for, how far it is, what came of it.
create table movings (
  id integer generated always as identity primary key,
  source text not null,
  -- The name of the panel in references.
  name text not null,
  -- Of a hosted panel: its address, and its keys with the list of its suppliers, sealed, for as long as they are needed.
  url text,
  sealed bytea,
  private_network boolean not null,
  try_suppliers boolean not null,
  -- The folder of its files in a data directory, and whose: only nodes with this data directory can read them. Null: there are none.
  folder text not null,
  holder text,
  holder_name text,
  holder_seen_at timestamptz,
  state text not null,
  -- Bringing over was begun: from then on it is only gone on with.
  began_at timestamptz,
  looked_at timestamptz,
  staff_id integer references staff (id),
  who text not null,
  via text not null,
  made_at timestamptz not null,
  changed_at timestamptz not null,
  -- Who works on it, and when that was last said.
  worker text,
  worked_at timestamptz,
  stop_asked_by text,
  -- Why it failed: the code of a refusal, and its values.
  why json,
  progress json,
  -- What the transactions so far have brought, written by each of them.
  brought json,
  report json,
  result json,
  constraint moving_source_is_known check (source in ('glycon', 'smartpanel', 'csv', 'hosted', 'docket', 'out')),
  constraint moving_state_is_known check (state in ('files', 'look', 'looked', 'run', 'done', 'stopped', 'failed', 'removed'))
);

create table moving_files (
  moving_id integer not null references movings (id) on delete cascade,
  name text not null,
  bytes bigint not null,
  received bigint not null,
  -- Tells whether somebody goes on with the same file.
  stamp text not null,
  primary key (moving_id, name)
);

-- Pieces of files that came to a node without the folder, sealed, until the holder has fetched them.
create table moving_pieces (
  moving_id integer not null,
  name text not null,
  at bigint not null,
  bytes integer not null,
  sealed bytea not null,
  primary key (moving_id, name, at),
  foreign key (moving_id, name) references moving_files (moving_id, name) on delete cascade
);
