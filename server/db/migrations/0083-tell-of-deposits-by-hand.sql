-- What staff book by hand is a receipt without a payment, and is told like any other deposit.
alter table payment_news
  alter column payment_id drop not null,
  add constraint news_are_about_something check (payment_id is not null or receipt_id is not null);
