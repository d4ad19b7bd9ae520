-- The secret that signed before the newest one still signs beside it for a while, so that a receiver changes over when it likes.
alter table webhooks
  add column old_sealed_secret bytea,
  add column old_secret_until timestamptz,
  add constraint an_old_secret_ends check ((old_sealed_secret is null) = (old_secret_until is null));
