-- Which functions, triggers and views stand here (docs/decisions/0030). From now on no migration creates one: each is a file in the sql/ of its
-- owner's room, and server/db/routines.ts applies it. Owner: server/db.
create table routines (
  -- As it stands behind "drop": function place_orders, trigger tell_of_change on order_events, view mass_order_outcomes.
  name text primary key,
  -- SHA-256 of the file from which it was made; empty: a migration made it.
  hash text not null,
  -- The revision of all routines in which it was last found so; every row has the newest. A node with an older one changes nothing.
  revision int not null,
  applied_at timestamptz not null
);

-- What migrations have made and still stands, so that it is dropped when its file goes. Without a hash: each is made anew from its file.
insert into routines (name, hash, revision, applied_at) select name, '', 0, now() from unnest(array[
  'function add_order_event', 'function close_drip_feed', 'function close_manual_hand_offs', 'function compensate_order',
  'function count_mass_order', 'function cover_capped_orders', 'function discount_after', 'function follow_their_child',
  'function forget_sync_pause', 'function forget_their_word', 'function has_started', 'function is_final', 'function last_line_before',
  'function lock_orders', 'function make_promises', 'function mass_order_key', 'function note_bindings', 'function note_custom_rates',
  'function note_discounts', 'function note_outcome', 'function note_services', 'function place_orders', 'function place_plain_order',
  'function place_plain_orders', 'function post_transfer', 'function pull_cancel_requests', 'function pull_manual_orders',
  'function pull_manual_refills', 'function refuse_change', 'function refuse_change_of_charge', 'function refuse_change_of_log',
  'function reserve_order_ids', 'function service_value_after', 'function set_cancel_requests', 'function settle_orders',
  'function start_due_runs', 'function take_attempts', 'function take_manual_orders', 'function tell_hand_offs_of_cancel',
  'function tell_of_cancel', 'function tell_of_change', 'function tell_of_key_change', 'function tell_parent_of_move',
  'function turn_catalogue_version', 'function write_service_changes', 'view mass_order_outcomes',
  'trigger a_cancel_reaches_the_runs on orders', 'trigger a_child_of_theirs_is_with_them on retry_keys',
  'trigger a_moved_run_tells_its_parent on orders', 'trigger a_state_set_by_hand_stands on services',
  'trigger an_ended_drip_feed_starts_no_run on orders', 'trigger an_ended_order_has_an_outcome on orders',
  'trigger bound_anew_is_read_anew on service_suppliers', 'trigger caps_turn_the_version on api_keys',
  'trigger custom_rates_turn_the_version on custom_rates', 'trigger discounts_turn_the_version on accounts',
  'trigger house_rules_turn_the_version on house_rules', 'trigger line_sums_are_append_only on line_sums',
  'trigger log_is_not_rewritten on account_log', 'trigger orders_are_never_deleted on orders',
  'trigger orders_are_promised_what_their_service_promises on orders', 'trigger seals_are_append_only on seals',
  'trigger service_changes_are_append_only on service_changes', 'trigger services_turn_the_version on services',
  'trigger staff_actions_are_append_only on staff_actions', 'trigger tell_of_account_change on accounts',
  'trigger tell_of_change on order_events', 'trigger tell_of_key_change on api_keys', 'trigger the_charge_never_changes on orders',
  'trigger the_trail_notes_changed_bindings on service_suppliers', 'trigger the_trail_notes_changed_custom_rates on custom_rates',
  'trigger the_trail_notes_changed_services on services', 'trigger the_trail_notes_deleted_services on services',
  'trigger the_trail_notes_discounts on accounts', 'trigger the_trail_notes_ended_bindings on service_suppliers',
  'trigger the_trail_notes_ended_custom_rates on custom_rates', 'trigger the_trail_notes_new_bindings on service_suppliers',
  'trigger the_trail_notes_new_custom_rates on custom_rates', 'trigger the_trail_notes_new_services on services',
  'trigger transfers_are_append_only on transfers'
]) as name;
