-- Refuses to rewrite what was ordered and charged: money goes back by a refund.
create or replace function refuse_change_of_charge() returns trigger language plpgsql as $$
begin
  raise exception 'what was ordered and charged never changes' using hint = 'Book a refund instead.', errcode = 'restrict_violation';
end $$;
