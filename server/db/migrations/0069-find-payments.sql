-- What staff look for in payments, and what a giving back needs to be asked for again.
create index books_that_owe on books (id) where owed < 0;

create index payments_in_a_state on payments (state, id);
create index payments_of_a_method on payments (method_id, id);
create index payments_of_a_currency on payments (currency, id);
create index payments_of_a_time on payments (created_at);
create index payments_by_their_id on payments (their_id) where their_id is not null;
create index receipts_in_a_state on payment_receipts (state, id);
create index receipts_by_their_id on payment_receipts (their_id);
create index receipts_matched_with on payment_receipts (same_as) where same_as is not null;
create index receipts_of_a_method on payment_receipts (method_id, id);

-- Their id of the reversal, once it is known; when the gateway is asked again, and how often it was.
alter table payment_givebacks add column reason text not null default '', add column their_id text, add column due_at timestamptz, add column tries int not null default 0;
create index givebacks_of_a_receipt on payment_givebacks (receipt_id);
drop index givebacks_under_way;
create index givebacks_under_way on payment_givebacks (due_at) where ended_at is null;

-- Which calls told of a payment.
create index calls_about_payments on payment_calls using gin (heard jsonb_path_ops);
