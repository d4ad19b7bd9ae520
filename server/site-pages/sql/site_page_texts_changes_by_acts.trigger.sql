-- No change without a line in the log of staff.
drop trigger if exists site_page_texts_changes_by_acts on site_page_texts;
create constraint trigger site_page_texts_changes_by_acts after insert or update or delete on site_page_texts
  deferrable initially deferred for each row execute function refuse_what_is_not_logged();
