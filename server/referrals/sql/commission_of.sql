-- The share of what was kept: cut, never rounded up; below zero away from zero, so that sums never come to more than the share of the sum.
create or replace function commission_of(p_kept bigint, p_basis_points int) returns bigint language sql immutable parallel safe
  return floor(p_kept::numeric * p_basis_points / 10000)::bigint;
