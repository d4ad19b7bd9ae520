-- An order is a customer's proof of what was bought.
create or replace trigger orders_are_never_deleted before delete or truncate on orders
  for each statement execute function refuse_change();
