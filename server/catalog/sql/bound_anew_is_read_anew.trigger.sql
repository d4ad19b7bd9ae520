-- A binding to another service of the supplier starts without the values that the list had for the previous one.
create or replace trigger bound_anew_is_read_anew before update of their_service on service_suppliers
  for each row execute function forget_their_word();
