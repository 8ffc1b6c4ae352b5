-- Events that match a stage, as `map/matching` has them, where ids are whole numbers: people are known
-- by their ids, as `map/whole_people` has them.
--
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select
  scope.plain_id as person_key,
  scope.ts_us,
  matches.position,
  0 as run_from,
  cast(-4611686018427387904 as bigint) as floor_us
from scope
join matches on scope.event = matches.event and scope.passed = matches.passed
where scope.plain_id is not null
