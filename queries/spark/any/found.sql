-- The earliest event of one stage inside the window of each opening.
--
-- For Spark: there is no ASOF join everywhere; a running minimum finds the same.
--
-- param position INTEGER     the stage
-- param window_us BIGINT     longest time from the opening
-- param read_until_us BIGINT first instant that may not be read any more
-- returns person_key BIGINT, opened_us BIGINT, position INTEGER, ts_us BIGINT
with line as (
  select person_key, ts_us as at_us, true as opens, cast(null as bigint) as event_us
  from alive
  union all
  select person_key, ts_us as at_us, false as opens, ts_us as event_us
  from attempt_events
  where position = getvariable('position') and ts_us < getvariable('read_until_us')
),
met as (
  select person_key, at_us, opens,
    min(event_us) over (
      partition by person_key
      order by at_us desc
      range between unbounded preceding and current row
    ) as event_us
  from line
)
select person_key, at_us as opened_us, getvariable('position') as position, event_us as ts_us
from met
where opens and event_us - at_us <= getvariable('window_us')
