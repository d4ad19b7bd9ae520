-- Tickets of staff who have left were looked for by nobody.
update tickets t set assignee = null, staff_mailed_at = null
from staff s where s.id = t.assignee and s.ended_at is not null and t.state <> 'closed';
