-- Events of stages in the period, each at the first of the stages that it fills; purchases are not
-- among them.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, first_bought BOOLEAN
with named as (
  select row_number() over () as row, person_key, event, passed, ts_us
  from path_scope
  where person_key is not null
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('until_us')
),
kinds as (
  select
    seen.event,
    seen.passed,
    path_steps.position,
    bool_or(path_steps.position = 0) over (partition by seen.event, seen.passed) as bought
  from (select distinct event, passed from named) as seen
  join path_steps
    on path_steps.event in (seen.event, '*') and seen.passed & path_steps.needs = path_steps.needs
)
select
  named.person_key,
  named.ts_us,
  min(kinds.position) as position,
  false as first_bought
from named
join (select distinct event, passed, position from kinds where not bought) as kinds
  on kinds.event = named.event and kinds.passed = named.passed
semi join stage_events
  on stage_events.person_key = named.person_key
  and stage_events.ts_us = named.ts_us
  and stage_events.position = kinds.position
group by named.row, named.person_key, named.ts_us
