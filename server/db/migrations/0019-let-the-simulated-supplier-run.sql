-- The simulated supplier is this database itself: ten orders a second, as one asks of a panel nobody knows yet, only held up
-- sandboxes and demos. Owner: server/suppliers.
update suppliers set calls_at_once = 16, calls_a_minute = 100000
where protocol = 'simulated' and calls_at_once = 4 and calls_a_minute = 600;
