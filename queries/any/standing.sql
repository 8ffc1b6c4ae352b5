-- Openings that no excluding event voids: it strikes after the opening and before the last of all
-- stages, or, where that never comes, until the window ends.
--
-- param stages INTEGER    how many stages there are
-- param window_us BIGINT  longest time from the opening
-- returns person_key BIGINT, opened_us BIGINT, reached INTEGER, completed_us BIGINT
select opened.person_key, opened.opened_us, opened.reached, opened.completed_us
from (
  select person_key, opened_us, reached, completed_us, opened_us + 1 as first_us
  from opened
) as opened
asof left join excluding as event
  on event.person_key = opened.person_key and opened.first_us <= event.ts_us
where event.ts_us is null
  or event.ts_us >= if(
    opened.reached = getvariable('stages'),
    opened.completed_us,
    opened.opened_us + getvariable('window_us') + 1
  )
