-- The keys of a suspended account are refused, so nodes hear of a suspension as they hear of a changed key.
create or replace trigger tell_of_account_change after update or delete on accounts
  for each statement execute function tell_of_key_change();
