-- The events of people that tracks are made of, with the value that each carries: those that match a
-- stage, and where others count too, all.
--
-- param own_values BOOLEAN  whether a track has only the events that carry its value
-- param everything BOOLEAN  whether events of no stage count: they may lie between, or exclude
-- returns person_key BIGINT, event VARCHAR, ts TIMESTAMP, ts_us BIGINT, passed BIGINT, value VARCHAR
select scope.person_key, scope.event, scope.ts, scope.ts_us, scope.passed, scope.carried as value
from scope
where scope.person_key is not null
  and (not getvariable('own_values') or scope.carried <> '')
  and (getvariable('everything') or (scope.event, scope.passed) in (select event, passed from matches))
