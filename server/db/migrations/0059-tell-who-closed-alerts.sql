-- Who has closed an alert; null: it settled by itself, because its cause is gone. Owner: server/loops.
alter table alerts add column acknowledged_by text;
-- Open alerts of all kinds, newest first, and those that were closed lately.
create index open_alerts_by_time on alerts (last_at, id) where closed_at is null;
create index closed_alerts_by_time on alerts (closed_at, id) where closed_at is not null;
