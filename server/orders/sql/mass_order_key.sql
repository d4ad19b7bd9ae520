-- The retry key under which a row is ordered; the control character separates it from every key that a customer can choose.
create or replace function mass_order_key(p_mass_order bigint, p_number int) returns text language sql immutable parallel safe
  return E'\x01mass:' || p_mass_order || ':' || p_number;
