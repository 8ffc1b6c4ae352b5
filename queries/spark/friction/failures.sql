-- The first failure of each person at each stage, for each combination of values of failing events.
--
-- Empty text is no value.
--
-- For Spark: lists are written otherwise.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns person_key BIGINT, position INTEGER, by_values VARCHAR[], first_us BIGINT
with failing as (
  select
    person_key,
    event,
    ts_us,
    transform(by_values, value -> nullif(value, '')) as by_values
  from scope
  where person_key is not null
    and event in (select event from friction_steps where failed)
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('until_us')
)
select failing.person_key, friction_steps.position, failing.by_values, min(failing.ts_us) as first_us
from failing
join friction_steps on friction_steps.event = failing.event and friction_steps.failed
group by failing.person_key, friction_steps.position, failing.by_values
