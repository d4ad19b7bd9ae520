-- A node that still takes a key for one without a cap prices by an older catalogue, and place_orders() sends it back to look again.
create or replace trigger caps_turn_the_version after update of daily_cap on api_keys
  for each row when ((old.daily_cap is null) <> (new.daily_cap is null)) execute function turn_catalogue_version();
