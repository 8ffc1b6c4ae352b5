-- How many people took how long to each stage, in bins that are the same for all stages and all data.
--
-- Bins end at natural units. The first holds times of exactly zero, every other those from its
-- lower bound (zero itself excepted) to just below its upper one; the last has none.
--
-- returns time_from VARCHAR, position INTEGER, stage VARCHAR, low_seconds DOUBLE, high_seconds DOUBLE, users BIGINT
with ends as (
  select seconds * cast(1000000 as bigint) as end_us
  from (
    values
      (1), (10), (60),                                          -- seconds
      (5 * 60), (15 * 60), (3600),                              -- minutes
      (3 * 3600), (12 * 3600), (86400),                         -- hours
      (3 * 86400), (7 * 86400), (14 * 86400), (30 * 86400), (90 * 86400), (365 * 86400)
  ) as natural_units(seconds)
),
bins as (
  select
    cast(0 as bigint) as low_us, cast(0 as bigint) as high_us,
    cast(0 as bigint) as first_us, cast(1 as bigint) as after_us
  union all
  select
    coalesce(lag(end_us) over (order by end_us), 0) as low_us,
    end_us as high_us,
    coalesce(lag(end_us) over (order by end_us), 1) as first_us,
    end_us as after_us
  from ends
  union all
  select
    max(end_us) as low_us, null as high_us,
    max(end_us) as first_us, 9223372036854775807 as after_us
  from ends
),
placed as (
  select spans.time_from, spans.position, bins.first_us, count(*) as users
  from spans
  join bins on spans.span_us >= bins.first_us and spans.span_us < bins.after_us
  group by spans.time_from, spans.position, bins.first_us
)
select
  kinds.time_from,
  stages.position,
  stages.stage,
  bins.low_us / 1e6 as low_seconds,
  bins.high_us / 1e6 as high_seconds,
  coalesce(placed.users, 0) as users
from (values ('previous'), ('entry')) as kinds(time_from)
join stages on stages.position > 1
cross join bins
left join placed
  on placed.time_from = kinds.time_from
  and placed.position = stages.position
  and placed.first_us = bins.first_us
order by time_from desc, position, low_seconds, high_seconds
