-- Every node hears at once of a key that was revoked or limited.
create or replace trigger tell_of_key_change after update or delete on api_keys
  for each statement execute function tell_of_key_change();
