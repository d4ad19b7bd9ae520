-- No view begins without a line in the log of staff. It is opened and ended without one.
drop trigger if exists account_views_changes_by_acts on account_views;
create constraint trigger account_views_changes_by_acts after insert on account_views
  deferrable initially deferred for each row execute function refuse_what_is_not_logged();
