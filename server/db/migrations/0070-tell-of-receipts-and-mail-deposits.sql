-- Which receipt or reversal the news of a payment is about, so that what is told names its amount and its document.
alter table payment_news add column receipt_id bigint references payment_receipts, add column reversal_id bigint references payment_reversals;

-- Whether the people of the account get a mail when money arrives. Of money that is taken back they always get one.
alter table accounts add column mails_deposits boolean not null default true;
