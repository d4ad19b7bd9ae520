-- A change of the catalogue names its cause (server/catalog/sync-trail.ts); without a cause it comes from the operator.
create or replace function write_service_changes(
  p_services int[], p_accounts int[], p_suppliers int[], p_whats text[], p_olds text[], p_news text[]
) returns void language plpgsql as $$
declare v_before bigint;
begin
  if p_whats is null then return; end if;
  update catalogue set changes = changes + cardinality(p_whats) returning changes - cardinality(p_whats) into strict v_before;
  insert into service_changes (number, service_id, account_id, supplier_id, what, old, new, cause, at)
  select v_before + t.n, t.service, t.account, t.supplier, t.what, t.old, t.new,
    coalesce(nullif(current_setting('docket.cause', true), ''), 'operator'),
    coalesce(nullif(current_setting('docket.at', true), '')::timestamptz, now())
  from unnest(p_services, p_accounts, p_suppliers, p_whats, p_olds, p_news) with ordinality as t(service, account, supplier, what, old, new, n);
end $$;
