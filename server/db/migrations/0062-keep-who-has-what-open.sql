-- Who of the staff has which page of the desk open, for a minute at a time: nothing that must survive a crash. Owner: server/staff.
create unlogged table staff_presence (
  -- A thing of the desk, like "order 5".
  thing text not null,
  staff_id integer not null references staff (id),
  seen_at timestamptz not null,
  primary key (thing, staff_id)
);
create index staff_presence_by_person on staff_presence (staff_id, seen_at);
