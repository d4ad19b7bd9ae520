-- Staff read the services a page at a time, all of them or those of a category, and see who has a rate of their own for one.
create index services_in_order on services (position, id);
create index services_of_a_category on services (category, position, id);
-- The newest changes of services, from which one is undone.
create index staff_log_of_services on staff_log (line)
  where act in ('service set', 'service set-many', 'service reprice', 'service undo', 'service words', 'category set');
create index custom_rates_of_a_service on custom_rates (service_id, account_id);
