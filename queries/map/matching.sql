-- Events that match a stage, one row for each stage they match, in whole microseconds since 1970.
--
-- `scope.passed` is the sum of the bits of the predicates that a row satisfies,
-- `steps.needs` the bit of the predicate that the step asks for (0: none).
--
-- returns person_key INTEGER, ts_us BIGINT, position INTEGER, run_from INTEGER
select
  people.person_key,
  epoch_us(scope.ts) as ts_us,
  steps.position,
  0 as run_from
from scope
join steps on scope.event = steps.event and scope.passed & steps.needs = steps.needs
join people on scope.user_id = people.user_id
