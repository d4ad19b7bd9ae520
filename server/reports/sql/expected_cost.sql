-- What a supplier takes at its listed rate, which is per 1000 (of packages: per package), in units of 10⁻⁵. Null: it lists none. Bounded, so that an absurd
-- rate never stops the sums.
create or replace function expected_cost(p_rate text, p_quantity bigint, p_multiplier int, p_package boolean) returns bigint
language sql immutable parallel safe
  return case when p_rate is not null then least(round(p_rate::numeric * p_quantity * coalesce(p_multiplier, 1) * 100000 / case when p_package then 1 else 1000 end), 1e15)::bigint end;
