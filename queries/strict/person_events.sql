-- All events of everybody, mapped or not, with the stages that each matches as a sum of bits.
--
-- returns person_key BIGINT, ts_us BIGINT, stages BIGINT
with kinds as (
  select event, passed, cast(sum(bit) as bigint) as stages
  from matches
  group by event, passed
)
select scope.person_key, scope.ts_us, coalesce(kinds.stages, 0) as stages
from scope
left join kinds on kinds.event = scope.event and kinds.passed = scope.passed
where scope.person_key is not null
