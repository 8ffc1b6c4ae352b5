-- Events that match a stage, one row for each stage they match, in whole microseconds since 1970.
--
-- `floor_us` is the earliest instant at which the stage before may lie: any, unless order is strict.
--
-- For Spark: the few kinds go to every machine.
--
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select /*+ broadcast(matches) */
  scope.person_key,
  scope.ts_us,
  matches.position,
  0 as run_from,
  cast(-4611686018427387904 as bigint) as floor_us
from scope
join matches on scope.event = matches.event and scope.passed = matches.passed
where scope.person_key is not null
