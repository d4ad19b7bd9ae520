/** Nobody else can add services until the commit, so free ids stay free. Reading and ordering go on. */
export const HOLD_NUMBERS = 'lock table services in share row exclusive mode'
export const NEXT_NUMBER = `
  select greatest((select max(id) from services), pg_sequence_last_value(pg_get_serial_sequence('services', 'id')::regclass), 0)::int + 1 as next`
export const KEEP_IDS_AHEAD = `select setval(pg_get_serial_sequence('services', 'id'), (select max(id) from services))`
