-- Numbers a receipt or a credit note in the transaction that books its money: a rollback leaves no gap. The row of the year is locked until the commit.
create or replace function number_document(
  p_kind text, p_receipt bigint, p_reversal bigint, p_book int, p_facts jsonb, p_now timestamptz
) returns int language plpgsql as $$
declare
  v_year int := extract(year from p_now at time zone 'utc');
  v_number int;
begin
  insert into payment_numbers as n (year, last) values (v_year, 1) on conflict (year) do update set last = n.last + 1 returning last into v_number;
  insert into payment_documents (year, number, kind, receipt_id, reversal_id, book_id, issued_at, facts)
  values (v_year, v_number, p_kind, p_receipt, p_reversal, p_book, p_now, coalesce(p_facts, '{}'));
  return v_number;
end $$;
