-- Excluding events: what each person did that an exclusion names, among what the funnel may read.
--
-- param since_us BIGINT      first instant of the period
-- param read_until_us BIGINT first instant that may not be read any more
-- returns person_key BIGINT, ts_us BIGINT, exclusion INTEGER
with kinds as (
  select distinct tally.event, tally.passed, exclusion_steps.exclusion
  from tally
  join exclusion_steps
    on exclusion_steps.event in (tally.event, '*')
    and tally.passed & exclusion_steps.needs = exclusion_steps.needs
)
select scope.person_key, scope.ts_us, kinds.exclusion
from scope
join kinds on kinds.event = scope.event and kinds.passed = scope.passed
where scope.person_key is not null
  and scope.ts_us >= getvariable('since_us')
  and scope.ts_us < getvariable('read_until_us')
