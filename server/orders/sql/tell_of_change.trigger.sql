-- Each change of an order is an event, so this is the one place.
create or replace trigger tell_of_change after insert on order_events for each statement execute function tell_of_change();
