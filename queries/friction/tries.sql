-- The first attempt, and the first failure, of each person at each stage in the period.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns segment INTEGER, person_key BIGINT, position INTEGER, failed BOOLEAN, first_us BIGINT
with named as (
  select person_key, event, ts_us
  from scope
  where person_key is not null
    and event in (select event from friction_steps)
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('until_us')
)
select
  0 as segment,
  named.person_key,
  friction_steps.position,
  friction_steps.failed,
  min(named.ts_us) as first_us
from named
join friction_steps on friction_steps.event = named.event
group by named.person_key, friction_steps.position, friction_steps.failed
