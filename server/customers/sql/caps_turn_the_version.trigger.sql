-- A node that does not know of a new cap prices by an older catalogue, so place_orders() makes it look the key up again.
create or replace trigger caps_turn_the_version after update of daily_cap on api_keys
  for each row when ((old.daily_cap is null) <> (new.daily_cap is null)) execute function turn_catalogue_version();
