-- The rates that accounts pay by agreement: their own, and otherwise those of their group.
create or replace view agreed_rates as
select account_id, service_id, rate from custom_rates
union all
select a.id, g.service_id, g.rate
from accounts a join group_rates g on g.group_id = a.group_id
where not exists (select from custom_rates r where r.account_id = a.id and r.service_id = g.service_id);
