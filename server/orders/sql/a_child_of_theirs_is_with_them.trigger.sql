-- Customers' own keys have no control character.
create or replace trigger a_child_of_theirs_is_with_them after insert on retry_keys
  for each row when (new.key like E'\x01post:%') execute function follow_their_child();
