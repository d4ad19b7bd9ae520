-- A binding to another service of the supplier starts without what its list said of the one before.
create or replace trigger bound_anew_is_read_anew before update of their_service on service_suppliers
  for each row execute function forget_their_word();
