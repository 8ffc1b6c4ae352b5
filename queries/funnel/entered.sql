-- The first entry of people who got no further. It is the first of all that `histories` has, unless
-- the period begins after that one.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns person_key BIGINT, first_position INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
with first as (
  select person_key, entered_us
  from histories
  where entered_us >= getvariable('since_us')
    and entered_us < getvariable('until_us')
  union all
  select person_key, min(ts_us) as entered_us
  from stage_events
  where position = 1
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('until_us')
    and person_key in (select person_key from histories where entered_us < getvariable('since_us'))
  group by person_key
)
select person_key, 1 as first_position, 1 as reached, entered_us, entered_us as completed_us
from first
where person_key not in (select person_key from chosen)
