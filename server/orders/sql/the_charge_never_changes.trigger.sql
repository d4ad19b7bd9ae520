-- The ordered quantity and the price are fixed when an order is placed.
create or replace trigger the_charge_never_changes before update of id, charge, quantity, rate, book_id, line, service_id, key_id, placed_at on orders
  for each row when ((old.id, old.charge, old.quantity, old.rate, old.book_id, old.line, old.service_id, old.key_id, old.placed_at)
    is distinct from (new.id, new.charge, new.quantity, new.rate, new.book_id, new.line, new.service_id, new.key_id, new.placed_at))
  execute function refuse_change_of_charge();
