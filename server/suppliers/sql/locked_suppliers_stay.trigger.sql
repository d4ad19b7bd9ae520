-- A locked supplier stays as it is.
create or replace trigger locked_suppliers_stay before update or delete on suppliers
  for each row execute function keep_locked_suppliers();
