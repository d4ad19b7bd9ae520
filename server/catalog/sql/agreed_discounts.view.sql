-- The discount of each account in hundredths of a per cent: its own or that of its group, whichever is larger.
create or replace view agreed_discounts as
select a.id as account_id, greatest(a.discount_basis_points, g.discount_basis_points) as discount_basis_points
from accounts a left join account_groups g on g.id = a.group_id;
