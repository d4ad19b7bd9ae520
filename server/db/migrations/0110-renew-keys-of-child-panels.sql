-- The key that is to take the place of `key_id`: its text is in `sealed_key` until it is in the child's own database. Owner: server/children.
alter table child_panels add column new_key_id integer references api_keys;
-- When it came there. The nodes of the child read it within seconds, and so long the old key holds too.
alter table child_panels add column new_key_at timestamptz;
