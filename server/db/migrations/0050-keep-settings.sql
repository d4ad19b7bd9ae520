-- What an operator changes while the house is open: a row per setting that was ever changed. Owner: server/settings.
create table settings (
  -- A name of server/settings/fields.ts.
  key text primary key,
  -- Null: the default counts again.
  value jsonb,
  -- The bytes of a picture, which `value` describes.
  file bytea,
  -- Counts the saves of all settings together: a page names the highest that it showed, and so notices that somebody else saved meanwhile.
  version integer not null,
  changed_at timestamptz not null,
  -- As in staff_log.
  changed_by text not null
);

