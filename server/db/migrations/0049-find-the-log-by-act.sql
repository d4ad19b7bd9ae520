-- The log of staff is also read by the name of the act.
create index staff_log_by_act on staff_log (act, line);
