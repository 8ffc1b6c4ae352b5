-- The events of one person in order of time, with the stages they match: the sum of a bit a
-- stage, 1 for the first.
--
-- param user VARCHAR  the id
-- returns n BIGINT, ts TIMESTAMP, event VARCHAR, stages BIGINT
select
  row_number() over (order by scope.ts, scope.event, scope.passed) as n,
  scope.ts,
  scope.event,
  coalesce(kinds.stages, 0) as stages
from scope
left join (
  select event, passed, cast(sum(bit) as bigint) as stages
  from matches
  group by event, passed
) as kinds on kinds.event = scope.event and kinds.passed = scope.passed
where scope.user_id = getvariable('user')
