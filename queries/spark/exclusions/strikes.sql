-- The first excluding event that each attempt runs into.
--
-- For Spark: there is no ASOF join everywhere; a running minimum finds the same.
--
-- returns try_key BIGINT, struck_us BIGINT
with line as (
  select try_key, exclusion, person_key, first_us as at_us, end_us, cast(null as bigint) as event_us
  from spans
  union all
  select cast(null as string) as try_key, exclusion, person_key, ts_us as at_us,
    cast(null as bigint) as end_us, ts_us as event_us
  from excluding
),
met as (
  select try_key, end_us,
    min(event_us) over (
      partition by exclusion, person_key
      order by at_us desc
      range between unbounded preceding and current row
    ) as event_us
  from line
)
select try_key, min(event_us) as struck_us
from met
where event_us < end_us
group by try_key
