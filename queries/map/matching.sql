-- Events that match a stage, one row for each stage they match, in whole microseconds since 1970.
--
-- `floor_us` is the earliest instant at which the stage before may lie: any, unless order is strict.
-- People are known by the hash of their id, as `map/people` has them.
--
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select
  coalesce(alike.person_key, cast(hash(scope.user_id) >> 1 as bigint)) as person_key,
  scope.ts_us,
  matches.position,
  0 as run_from,
  cast(-4611686018427387904 as bigint) as floor_us
from scope
join matches on scope.event = matches.event and scope.passed = matches.passed
left join (select person_key, user_id from people where person_key < 0) as alike
  on alike.user_id = scope.user_id
where scope.user_id is not null
