-- The queue filtered by both: one index alone would walk over all tickets of nobody to find the few of a kind.
create index tickets_by_assignee_and_kind on tickets (coalesce(assignee, 0), kind, state, changed_at desc, id desc) where merged_into is null;
create index tickets_that_wait_by_assignee_and_kind on tickets (coalesce(assignee, 0), kind, priority desc, waiting_since, id) where state = 'waiting';
