-- Stage events, of one stage only those at a person's first such event ever.
--
-- All of the person's history is looked at, what the period and `where` leave out too. Of several
-- events at that instant each is the first.
--
-- param position INTEGER  the stage
-- param by_name BOOLEAN   whether the first event of a name counts, though it may not pass the predicate of the stage
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
with such as (
  select distinct tally.event, tally.passed
  from tally
  join steps
    on steps.event in (tally.event, '*')
    and steps.position = getvariable('position')
    and (getvariable('by_name') or tally.passed & steps.needs = steps.needs)
),
firsts as (
  select everything.person_key, min(everything.ts_us) as first_us
  from everything
  join such on such.event = everything.event and such.passed = everything.passed
  where everything.person_key is not null
  group by everything.person_key
)
select
  stage_events.person_key, stage_events.ts_us, stage_events.position, stage_events.run_from,
  stage_events.floor_us
from stage_events
left join firsts on firsts.person_key = stage_events.person_key
where stage_events.position <> getvariable('position')
  or stage_events.ts_us = firsts.first_us
