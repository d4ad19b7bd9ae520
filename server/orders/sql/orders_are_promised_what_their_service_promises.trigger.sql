-- Per statement and not per order, so that a batch has this cost only once.
create or replace trigger orders_are_promised_what_their_service_promises after insert on orders
  referencing new table as placed for each statement execute function make_promises();
