import type pg from 'pg'

/**
 * Removes the foreign keys and disables the triggers of `public` for this transaction, and returns the function that restores them.
 * Rows then load in any order and are checked all at once at the end, and a trigger that counts or forbids does not do so twice for
 * the same row. A table's owner may do this: no superuser is needed, so it works on a hosted server too.
 */
export async function setGuardsAside(client: pg.ClientBase): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ aside: string; back: string; remark: string | null }>(foreignKeysAndTriggers)
  for (const { aside } of rows) await client.query(aside)
  return async () => {
    for (const { back, remark } of rows) {
      await client.query(back)
      if (remark) await client.query(remark)
    }
  }
}

const foreignKeysAndTriggers = `
  select format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname) as aside,
         format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) as back,
         format('comment on constraint %I on %s is %L', k.conname, k.conrelid::regclass,
                nullif(obj_description(k.oid, 'pg_constraint'), '')) as remark
    from pg_constraint k
   where k.contype = 'f' and k.conparentid = 0 and k.connamespace = 'public'::regnamespace
  union all
  select format('alter table %s disable trigger %I', t.tgrelid::regclass, t.tgname),
         format('alter table %s enable %s trigger %I', t.tgrelid::regclass,
                case t.tgenabled when 'R' then 'replica' when 'A' then 'always' else '' end, t.tgname),
         null
    from pg_trigger t
    join pg_class c on c.oid = t.tgrelid
   where c.relnamespace = 'public'::regnamespace and not t.tgisinternal and t.tgenabled <> 'D' and t.tgparentid = 0`
