-- What a statement's totals and filters are read from, however many lines a book has. Owner: server/ledger
-- (docs/decisions/0018).

-- What all lines up to this one did to the wallet, by cause: above zero what came in, below what went out. A pure function of the
-- lines; written just behind the commits, like the seals, so that placing pays nothing for it (server/ledger/sums.ts).
create table line_sums (
  book_id int not null,
  line bigint not null,
  deposit bigint not null,
  charge bigint not null,
  refund bigint not null,
  correction bigint not null,
  compensation bigint not null,
  primary key (book_id, line),
  constraint sums_stand_at_every_thousandth_line check (line > 0 and line % 1000 = 0)
);
create trigger line_sums_are_append_only before update or delete or truncate on line_sums
  for each statement execute function refuse_change();

-- By cause. Charges are most lines, and found by looking through them: placing pays nothing for it.
create index rarer_lines_by_cause on transfers (book_id, cause, line) where cause <> 'charge';

-- The number of the last line before a moment; 0 when the first came later. Times rise with the numbers but for the clocks of
-- several nodes: always the same steps find the same line, so that each line is of one month only, and of the same one for ever.
create function last_line_before(p_book int, p_moment timestamptz) returns bigint language plpgsql stable as $$
declare
  v_lines bigint := coalesce((select b.lines from books b where b.id = p_book), 0);
  v_line bigint := 0;
  v_step bigint := 1;
begin
  while v_step <= v_lines loop v_step := v_step * 2; end loop;
  while v_step > 0 loop
    if (select t.at < p_moment from transfers t where t.book_id = p_book and t.line = v_line + v_step) then
      v_line := v_line + v_step;
    end if;
    v_step := v_step / 2;
  end loop;
  return v_line;
end $$;
