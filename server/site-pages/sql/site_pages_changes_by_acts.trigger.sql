-- No change without a line in the log of staff.
drop trigger if exists site_pages_changes_by_acts on site_pages;
create constraint trigger site_pages_changes_by_acts after insert or update or delete on site_pages
  deferrable initially deferred for each row execute function refuse_what_is_not_logged();
