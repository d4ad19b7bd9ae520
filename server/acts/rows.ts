import type { Queryable } from '../db/pool.ts'
import type { Subject } from '../staff/log.ts'

// What nobody may read is left out; customers may have put a password behind the `?` of an address.
const statements = {
  services: `select to_jsonb(s) as row from services s where s.id = $1`,
  suppliers: `select to_jsonb(s) - 'sealed_key' || jsonb_build_object('key', left(encode(sha256(s.sealed_key), 'hex'), 8)) as row from suppliers s where s.id = $1`,
  bindings: `
    select jsonb_object_agg(p.name, to_jsonb(b) - 'service_id' - 'supplier_id') as row
    from service_suppliers b join suppliers p on p.id = b.supplier_id where b.service_id = $1`,
  'api keys': `
    select jsonb_build_object('label', k.label, 'scopes', k.scopes, 'daily_cap', k.daily_cap, 'services', k.service_ids,
      'addresses', k.addresses, 'expires', k.expires_at, 'revoked', k.revoked_at) as row
    from api_keys k where k.id = $1`,
  'staff keys': `select to_jsonb(k) - 'hash' as row from staff_keys k where k.id = $1`,
  webhooks: `
    select jsonb_build_object('account', w.account_id, 'url', split_part(w.url, '?', 1), 'events', w.events, 'paused', w.paused_at, 'secrets_made', w.rotations) as row
    from webhooks w where w.id = $1`,
  staff: `select to_jsonb(s) as row from staff s where s.id = $1`,
  'staff tokens': `select to_jsonb(t) - 'hash' as row from staff_tokens t where t.id = $1`,
  'house rules': `select to_jsonb(r) as row from house_rules r where r.id = $1`,
  'price lists': `
    select jsonb_build_object('margin_percent', l.margin_percent, 'margin_add', l.margin_add, 'rounding_step', l.rounding_step,
      'exchange_currency', l.exchange_currency, 'exchange_rate', l.exchange_rate, 'hourly', l.hourly) as row
    from price_lists l where l.supplier_id = $1`,
  'payment methods': `
    select to_jsonb(m) - 'sealed_secrets' - 'hook_token' || jsonb_build_object('secrets', left(encode(sha256(m.sealed_secrets), 'hex'), 8)) as row
    from payment_methods m where m.id = $1`,
  'sign-in providers': `
    select jsonb_build_object('provider', p.name, 'name', p.title, 'issuer', p.issuer, 'client_id', p.client_id, 'private_network', p.private_network,
      'offered', p.offered, 'client_secret', left(encode(sha256(p.sealed_secret), 'hex'), 8)) as row
    from sign_in_providers p where p.id = $1`,
  alerts: `select to_jsonb(a) as row from alerts a where a.id = $1`,
  orders: `select jsonb_build_object('status', o.status, 'remains', o.remains, 'sent', o.sent) as row from orders o where o.id = $1`,
} as const

/** A row as the log of staff tells it before and after an act, without secrets; null: there is none. */
export async function rowOf(tx: Queryable, what: keyof typeof statements, id: number | bigint): Promise<Record<string, unknown> | null> {
  const { rows } = await tx.query<{ row: Record<string, unknown> | null }>(statements[what], [id])
  return rows[0]?.row ?? null
}

/** The account that a webhook belongs to. */
export function webhookSubject(row: Record<string, unknown> | null): Subject {
  return { account: row?.['account'] as number | undefined }
}
