-- Two more accounts in each book, so that what was given and what is owed are told apart from cash (docs/decisions/0063; server/ledger):
-- given (never above zero): where bonuses, coupons, compensations and commissions come from;
-- owed (never above zero): what a reversal could not take from the wallet. While it is below zero the wallet is empty, because whatever comes in pays
-- it first.
alter type ledger_account add value 'given';
alter type ledger_account add value 'owed';
alter type transfer_cause add value 'bonus';
alter type transfer_cause add value 'commission';
alter type transfer_cause add value 'reversal';
alter type transfer_cause add value 'payout';
alter type transfer_cause add value 'settlement';

alter table books
  add column given bigint not null default 0,
  add column owed bigint not null default 0,
  drop constraint book_sums_to_zero,
  add constraint book_sums_to_zero check (paid_in + wallet + sales + given + owed = 0),
  add constraint given_is_never_taken check (given <= 0),
  add constraint owed_is_never_a_credit check (owed <= 0),
  add constraint what_comes_in_pays_what_is_owed check (owed = 0 or wallet = 0);

-- What is owed after a line that changed it; null on all other lines. A line that has it is hashed by version 2 (server/ledger/seal.ts).
--
-- A value of an enumeration cannot be used in the transaction that adds it, which for an older house is this one, so the checks compare texts where they
-- need them; a charge is recognised before that. Older lines have passed stricter checks, so that nobody has to wait while they are read again.
alter table transfers
  add column owed_after bigint,
  drop constraint movement_fits_its_cause,
  add constraint movement_fits_its_cause check (
    case cause
      when 'charge' then taken_from = 'wallet' and given_to = 'sales'
      when 'deposit' then taken_from = 'paid_in' and given_to = 'wallet'
      when 'refund' then taken_from = 'sales' and given_to = 'wallet'
      -- From given to sales: the compensations of before, told apart from sales afterwards.
      when 'correction' then taken_from::text || ' ' || given_to::text in ('paid_in wallet', 'wallet paid_in', 'given sales')
      else case cause::text
        -- Before there was an account for gifts, compensations came from sales.
        when 'compensation' then taken_from::text in ('given', 'sales') and given_to = 'wallet'
        when 'bonus' then taken_from::text || ' ' || given_to::text in ('given wallet', 'wallet given', 'owed given')
        when 'commission' then taken_from::text || ' ' || given_to::text in ('given wallet', 'wallet given', 'owed given')
        when 'reversal' then taken_from::text || ' ' || given_to::text in ('wallet paid_in', 'owed paid_in', 'paid_in wallet')
        when 'payout' then taken_from = 'wallet' and given_to = 'paid_in'
        when 'settlement' then taken_from::text in ('wallet', 'given') and given_to::text = 'owed'
        else false
      end
    end) not valid,
  drop constraint orders_are_what_is_charged_and_refunded,
  add constraint orders_are_what_is_charged_and_refunded check (
    (order_id is not null) = (cause in ('charge', 'refund') or cause::text = 'compensation')) not valid,
  drop constraint a_refund_names_its_cause,
  add constraint a_refund_names_its_cause check (
    cause = 'charge' or (cause <> 'refund' and cause::text <> 'compensation') or reference is not null) not valid,
  add constraint what_is_owed_is_noted check (
    cause = 'charge' or (owed_after is not null) = (taken_from::text = 'owed' or given_to::text = 'owed')) not valid,
  add constraint owed_after_is_never_a_credit check (owed_after <= 0) not valid;

-- A reference names one movement of a book, whatever its cause. Those of refunds and compensations name the event of their order.
drop index one_movement_per_reference;
create unique index one_movement_per_reference on transfers (book_id, reference) where order_id is null and reference is not null;

-- Sums by cause. An older node, which does not know the new causes, can no longer note sums and reports: it says so in its log and goes on, and a newer
-- node notes them.
alter table line_sums
  add column bonus bigint not null default 0,
  add column commission bigint not null default 0,
  add column reversal bigint not null default 0,
  add column payout bigint not null default 0,
  add column settlement bigint not null default 0;
alter table line_sums alter column bonus drop default, alter column commission drop default, alter column reversal drop default,
  alter column payout drop default, alter column settlement drop default;

-- The reports of a day know them too.
alter table money_days
  add column bonus bigint not null default 0,
  add column commission bigint not null default 0,
  add column reversal bigint not null default 0,
  add column payout bigint not null default 0,
  add column settlement bigint not null default 0;
alter table money_days alter column bonus drop default, alter column commission drop default, alter column reversal drop default,
  alter column payout drop default, alter column settlement drop default;

insert into conversions (name) values ('compensations from given');
