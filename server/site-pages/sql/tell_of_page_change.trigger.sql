-- Every node remembers which pages there are, with its settings, and reads them again when it hears of a change.
create or replace trigger tell_of_page_change after insert or update or delete on site_pages
  for each statement execute function tell_of_setting_change();
