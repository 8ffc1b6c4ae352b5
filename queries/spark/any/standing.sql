-- Openings that no excluding event voids: it strikes after the opening and before the last of all
-- stages, or, where that never comes, until the window ends.
--
-- For Spark: there is no ASOF join everywhere; a running minimum finds the same.
--
-- param stages INTEGER    how many stages there are
-- param window_us BIGINT  longest time from the opening
-- returns person_key BIGINT, opened_us BIGINT, reached INTEGER, completed_us BIGINT
with line as (
  select person_key, opened_us, reached, completed_us, opened_us + 1 as at_us,
    cast(null as bigint) as event_us
  from opened
  union all
  select person_key, cast(null as bigint) as opened_us, 0 as reached,
    cast(null as bigint) as completed_us, ts_us as at_us, ts_us as event_us
  from excluding
),
met as (
  select person_key, opened_us, reached, completed_us,
    min(event_us) over (
      partition by person_key
      order by at_us desc
      range between unbounded preceding and current row
    ) as event_us
  from line
)
select person_key, opened_us, reached, completed_us
from met
where opened_us is not null
  and (
    event_us is null
    or event_us >= if(
      reached = getvariable('stages'), completed_us, opened_us + getvariable('window_us') + 1
    )
  )
