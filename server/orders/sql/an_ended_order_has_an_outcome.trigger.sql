-- An open order has no outcome: its indexes never change while it is worked on.
create or replace trigger an_ended_order_has_an_outcome before insert or update of ended on orders
  for each row when (new.ended) execute function note_outcome();
