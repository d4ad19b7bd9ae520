-- When a user is deleted, its rows stay without a name.
create or replace trigger log_is_not_rewritten before update of account_id, at, by, act, address, agent, about on account_log
  for each row execute function refuse_change_of_log();
