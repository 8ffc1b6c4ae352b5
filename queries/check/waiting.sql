-- Whether an entry of the period still has time to go on, for each segment that has one.
--
-- Segment 0 is everybody; `segments` has the people of the rows of a breakdown.
--
-- param since_us BIGINT     first instant of the period
-- param until_us BIGINT     first instant after the period
-- param any_stage BOOLEAN   whether an attempt may begin at any stage
-- param first_only BOOLEAN  whether only the first entry of a person counts
-- returns segment INTEGER, waiting BOOLEAN
with entries as (
  select
    person_key,
    if(getvariable('first_only'), min(ts_us), max(ts_us)) as ts_us
  from stage_events
  where (position = 1 or getvariable('any_stage'))
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('until_us')
  group by person_key, position
)
select
  known.segment,
  bool_or(entries.ts_us > (select mature_us from maturity)) as waiting
from (
  select 0 as segment, person_key from entries
  union all
  select segment, person_key from segments
) as known
join entries on entries.person_key = known.person_key
group by known.segment
order by known.segment
