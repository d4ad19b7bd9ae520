import type { Database } from '../../server/db/pool.ts'

// The event must be of the same transaction: rows carry the number of the one that wrote them.
const GUARD = `
  create function fail_without_event() returns trigger language plpgsql as $$
  begin
    if not exists (
      select from order_events e where e.order_id = new.id and e.book_id = new.book_id and e.xmin = pg_current_xact_id()::xid
    ) then
      raise 'order % moved to % without an event', new.id, new;
    end if;
    return null;
  end $$;
  create constraint trigger what_status_shows_moves_with_an_event after update on orders
    deferrable initially deferred for each row
    when ((old.status, old.charge, old.refunded, old.start_count, old.remains, old.book_id, old.kind)
      is distinct from (new.status, new.charge, new.refunded, new.start_count, new.remains, new.book_id, new.kind))
    execute function fail_without_event()`

/** From here on, a commit that changes what `status` shows of an order without an event in its book's feed fails: lists of orders are
 * remembered by that rule (docs/decisions/0016). */
export async function guardFeed(db: Database): Promise<void> {
  await db.query(GUARD)
}
