-- How far the attempt from each entry comes, when it gets there, and when and by which event it is
-- struck, if it is, as far as that: nobody asks how far it came where that is void.
--
-- param most INTEGER  how many entries, the earliest
-- returns entered_us BIGINT, reached INTEGER, completed_us BIGINT, struck_us BIGINT, event VARCHAR
with attempts as (
  select
    tried.try_key, tried.entered_us, strikes.struck_us,
    max(tried.position) as reached,
    max(tried.ts_us) as completed_us
  from tried
  left join strikes on strikes.try_key = tried.try_key
  where strikes.struck_us is null or tried.ts_us <= strikes.struck_us
  group by tried.try_key, tried.entered_us, strikes.struck_us
),
strikers as (
  select attempts.try_key, min(numbered.event) as event
  from attempts
  join spans
    on spans.try_key = attempts.try_key
    and attempts.struck_us >= spans.first_us
    and attempts.struck_us < spans.end_us
  join exclusion_steps as step on step.exclusion = spans.exclusion
  join numbered
    on epoch_us(numbered.ts) = attempts.struck_us
    and step.event in (numbered.event, '*')
    and numbered.passed & step.needs = step.needs
  group by attempts.try_key
)
select
  attempts.entered_us, attempts.reached, attempts.completed_us, attempts.struck_us, strikers.event
from attempts
left join strikers on strikers.try_key = attempts.try_key
order by attempts.entered_us
limit getvariable('most')
