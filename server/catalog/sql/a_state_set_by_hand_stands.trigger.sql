-- A sync that changes the state also changes its reason; who changes the state alone is an operator.
create or replace trigger a_state_set_by_hand_stands before update on services
  for each row when (old.sync_pause is not null and new.state <> old.state and new.sync_pause is not distinct from old.sync_pause)
  execute function forget_sync_pause();
