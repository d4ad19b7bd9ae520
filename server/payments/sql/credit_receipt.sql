-- The only way in which a payment is credited: webhook, return page, poller and staff all call it (server/payments/credit.ts).
--
-- Notes money that arrived, under the gateway's own name for it, and books it when p_units says how much; null: it waits for a person. A receipt that is
-- booked, refused or matched already is answered as it stands, and nothing moves: the constraint one_credit_per_receipt decides, not an `if`. The caller
-- says why and what there is to see where a person must look.
create or replace function credit_receipt(
  p_method int, p_their_id text, p_payment bigint, p_book int, p_amount numeric, p_currency text, p_fee numeric, p_at timestamptz, p_late boolean,
  p_units bigint, p_bonus bigint, p_reference text, p_note text, p_why text, p_evidence jsonb, p_by text, p_facts jsonb, p_now timestamptz,
  out receipt_id bigint, out line bigint, out credited boolean, out state text
) language plpgsql as $$
#variable_conflict use_column
declare
  r payment_receipts;
  v_bonus_line bigint;
begin
  credited := false;
  insert into payment_receipts (method_id, their_id, payment_id, book_id, amount, currency, fee, at, late, state, why, evidence, heard_at)
  values (p_method, p_their_id, p_payment, p_book, p_amount, p_currency, p_fee, p_at, p_late, 'review', p_why, coalesce(p_evidence, '{}'), p_now)
  on conflict on constraint one_credit_per_receipt do nothing;
  select * into strict r from payment_receipts where method_id = p_method and their_id = p_their_id for update;

  if r.state = 'review' and p_units is not null then
    line := post_transfer(p_book, 'deposit', p_units, null, p_reference, p_note, p_now);
    if p_bonus > 0 then
      v_bonus_line := post_transfer(p_book, 'bonus', p_bonus, null, 'bonus of ' || coalesce(p_reference, 'receipt ' || r.id), null, p_now);
    end if;
    update payment_receipts set state = 'credited', why = p_why, payment_id = coalesce(payment_id, p_payment), book_id = p_book, units = p_units, line = credit_receipt.line,
      bonus_units = coalesce(p_bonus, 0), bonus_line = v_bonus_line, decided_at = p_now, decided_by = p_by
    where id = r.id returning * into r;
    perform number_document('receipt', r.id, null, p_book, p_facts, p_now);
    credited := true;
  end if;
  receipt_id := r.id; line := r.line; state := r.state;
end $$;
