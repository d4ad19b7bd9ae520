-- The number of the last line before a moment; 0 when the first line came later. Times rise with the numbers, except for small
-- differences between the clocks of nodes: the search always takes the same steps and finds the same line, so each line belongs to one
-- month only, and always to the same one.
create or replace function last_line_before(p_book int, p_moment timestamptz) returns bigint language plpgsql stable as $$
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
