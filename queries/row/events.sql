-- Events that match a stage, with the place of each in the order of the file.
--
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT, row BIGINT
select
  scope.person_key,
  epoch_us(scope.ts) as ts_us,
  matches.position,
  0 as run_from,
  cast(-4611686018427387904 as bigint) as floor_us,
  scope.row
from scope
join matches on scope.event = matches.event and scope.passed = matches.passed
where scope.person_key is not null
