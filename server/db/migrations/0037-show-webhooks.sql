-- What the page of an account's webhooks asks for. Owner: server/webhooks.

alter table webhooks
  -- Nothing is gathered or sent while it stands; what happened meanwhile is gathered afterwards, because the cursor stands too.
  add column paused_at timestamptz,
  -- How often its secret was changed: a form that was drawn before a change changes nothing.
  add column rotations int not null default 0,
  -- The form of the page that asked for it: sent twice, it is one webhook.
  add column form text;
create unique index one_webhook_a_form on webhooks (account_id, form) where form is not null;

-- The last attempt, as it was signed: when, how long the answer took, and the header webhook-signature.
alter table webhook_messages
  add column tried_at timestamptz,
  add column took_ms int,
  add column signature text;
create index messages_of_a_webhook on webhook_messages (webhook_id, id);
