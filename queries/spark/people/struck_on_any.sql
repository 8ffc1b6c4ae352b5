-- Who would have come further without an exclusion, where any order counts: when their window was
-- struck. Every exclusion spans the whole model. Of several such windows it is the one with the most
-- stages, then the one struck first. Such a window was struck, or it would have been chosen.
--
-- For Spark: there is no ASOF join everywhere; a running minimum finds the same.
--
-- returns person_key BIGINT, struck_us BIGINT, exclusion INTEGER
with windows as (
  select person_key, opened_us + 1 as at_us, count(*) as depth
  from found
  group by person_key, opened_us
),
line as (
  select person_key, at_us, depth, cast(null as bigint) as event_us
  from windows
  union all
  select person_key, ts_us as at_us, 0 as depth, ts_us as event_us
  from excluding
),
met as (
  select person_key, depth,
    min(event_us) over (
      partition by person_key
      order by at_us desc
      range between unbounded preceding and current row
    ) as event_us
  from line
),
told as (
  select
    met.person_key, met.event_us as struck_us,
    row_number() over (
      partition by met.person_key order by met.depth desc, met.event_us
    ) as place
  from met
  left join chosen on chosen.person_key = met.person_key
  where met.depth > coalesce(chosen.reached, 0)
)
select told.person_key, told.struck_us, exclusions.exclusion
from told
cross join exclusions
where told.place = 1
