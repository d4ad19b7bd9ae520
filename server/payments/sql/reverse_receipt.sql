-- Takes back what a gateway took back, under the gateway's own name for it, once; and books it again when a dispute was won (server/payments/credit.ts).
-- A part of the receipt takes back the same part of what was credited and of its bonus. Reversals never take more than was credited. Answers what was
-- moved now; null when there was nothing to move, or the receipt is not credited (then nothing is noted either, and it is tried again).
create or replace function reverse_receipt(
  p_method int, p_their_id text, p_receipt text, p_kind text, p_state text, p_amount numeric, p_currency text, p_at timestamptz, p_key text,
  p_note text, p_by text, p_facts jsonb, p_now timestamptz,
  out reversal_id bigint, out units bigint, out bonus bigint
) language plpgsql as $$
#variable_conflict use_column
declare
  r payment_receipts;
  v payment_reversals;
  v_line bigint;
begin
  select * into r from payment_receipts where method_id = p_method and their_id = p_receipt and state = 'credited' for update;
  if not found then return; end if;

  select * into v from payment_reversals where method_id = p_method and their_id = p_their_id;
  if not found then
    units := least(r.units - r.reversed_units, div(r.units * least(p_amount, r.amount), r.amount)::bigint);
    bonus := least(r.bonus_units - r.reversed_bonus, div(r.bonus_units * least(p_amount, r.amount), r.amount)::bigint);
    -- What is left of a rounding goes with the last part.
    if p_amount >= r.amount then units := r.units - r.reversed_units; bonus := r.bonus_units - r.reversed_bonus; end if;
    if units > 0 then
      v_line := post_transfer(r.book_id, 'reversal', units, null, 'reversal ' || p_method || ' ' || p_their_id, p_note, p_now, true);
    end if;
    if bonus > 0 then
      perform post_transfer(r.book_id, 'bonus', bonus, null, 'bonus of reversal ' || p_method || ' ' || p_their_id, p_note, p_now, true);
    end if;
    insert into payment_reversals (method_id, their_id, receipt_id, kind, state, amount, currency, units, bonus_units, line, at, heard_at, key, decided_by)
    values (p_method, p_their_id, r.id, p_kind, 'taken', p_amount, p_currency, units, bonus, v_line, p_at, p_now, p_key, p_by) returning * into v;
    update payment_receipts set reversed_units = reversed_units + v.units, reversed_bonus = reversed_bonus + v.bonus_units where id = r.id;
    perform number_document('credit note', r.id, v.id, r.book_id, p_facts, p_now);
    units := -units; bonus := -bonus;
  end if;
  reversal_id := v.id;
  -- Money that staff asked to be given back has gone, whoever tells of it first.
  update payment_givebacks set state = 'done', their_id = p_their_id, ended_at = p_now
  where receipt_id = r.id and ended_at is null and (key = p_key or their_id = p_their_id);

  if p_state = 'won back' and v.state = 'taken' then
    if v.units > 0 then
      v_line := post_transfer(r.book_id, 'reversal', v.units, null, 'won back ' || p_method || ' ' || p_their_id, p_note, p_now);
    end if;
    if v.bonus_units > 0 then
      perform post_transfer(r.book_id, 'bonus', v.bonus_units, null, 'bonus won back ' || p_method || ' ' || p_their_id, p_note, p_now);
    end if;
    update payment_reversals set state = 'won back', won_line = v_line where id = v.id;
    update payment_receipts set reversed_units = reversed_units - v.units, reversed_bonus = reversed_bonus - v.bonus_units where id = r.id;
    units := coalesce(units, 0) + v.units; bonus := coalesce(bonus, 0) + v.bonus_units;
  end if;
end $$;
