-- Takes one attempt from each subject, in their order, up to the first that has none left. Answers the seconds until that one has an
-- attempt again; 0: all were taken.
create or replace function take_attempts(p_now timestamptz, p_subjects text[], p_pauses float8[], p_allowed int[]) returns float8
language plpgsql as $$
declare
  v_pause interval;
  v_furthest timestamptz;
  v_free timestamptz;
begin
  for i in 1 .. cardinality(p_subjects) loop
    v_pause := make_interval(secs => p_pauses[i]);
    v_furthest := p_now + v_pause * p_allowed[i];
    insert into attempts as a (subject, free_at) values (p_subjects[i], p_now + v_pause)
      on conflict (subject) do update set free_at = greatest(a.free_at, p_now) + v_pause
      where greatest(a.free_at, p_now) + v_pause <= v_furthest;
    if not found then
      select a.free_at into v_free from attempts a where a.subject = p_subjects[i];
      return extract(epoch from coalesce(v_free, p_now) + v_pause - v_furthest);
    end if;
  end loop;
  return 0;
end $$;
