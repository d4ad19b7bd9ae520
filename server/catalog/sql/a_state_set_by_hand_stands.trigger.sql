-- A sync changes the state together with its reason; a change of the state alone comes from an operator.
create or replace trigger a_state_set_by_hand_stands before update on services
  for each row when (old.sync_pause is not null and new.state <> old.state and new.sync_pause is not distinct from old.sync_pause)
  execute function forget_sync_pause();
