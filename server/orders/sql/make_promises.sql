-- Runs in the commit that places the order. A drip-feed gets the time to finish from the moment its last run is due; its runs and a subscription
-- itself get no promises, and the orders of a subscription's posts are ordinary orders. Those of another panel were promised nothing here. No plan may scan the whole table of services.
create or replace function make_promises() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  if not exists (select from services where start_within is not null or finish_within is not null) then return null; end if;
  insert into promises (order_id, promise, due_at, judge_at, compensation_basis_points)
  select o.id, p.promise, p.due_at, p.due_at, s.compensation_basis_points
  from placed o
  cross join lateral (
    select s.start_within, s.finish_within, s.compensation_basis_points from services s
    where s.id = o.service_id and (s.start_within is not null or s.finish_within is not null) offset 0
  ) s
  cross join lateral (values
    ('start', o.placed_at + make_interval(mins => s.start_within)),
    ('finish', o.placed_at + make_interval(mins => s.finish_within) + case o.kind
      when 'drip-feed' then ((o.parameters ->> 'runs')::int - 1) * make_interval(mins => (o.parameters ->> 'interval')::int)
      else interval '0' end)
  ) as p(promise, due_at)
  where p.due_at is not null and o.kind <> 'subscription' and o.origin is distinct from 'run' and o.moved_in_from is null;
  return null;
end $$;
