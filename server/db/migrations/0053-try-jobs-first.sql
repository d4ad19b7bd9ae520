-- A job may be a trial: each order is changed and rolled back, so that staff see what would happen before they confirm. Owner: server/jobs.
alter table jobs
  add column trial boolean not null default false,
  -- The trial whose orders it works on.
  add column of_trial bigint references jobs (id),
  -- Counted when it ended, so that a list of jobs counts nothing; null: it has not.
  add column orders integer,
  add column done integer,
  add column refused integer;
update jobs j set orders = n.orders, done = n.done, refused = n.refused from (
  select job_id, count(*) as orders, count(*) filter (where state = 'done') as done, count(*) filter (where state = 'refused') as refused
  from job_orders group by job_id
) n where n.job_id = j.id and j.ended_at is not null;
