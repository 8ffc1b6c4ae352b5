-- Which kinds of rows (event name and predicates passed) match which stage; `*` is any event.
--
-- returns event VARCHAR, passed BIGINT, position INTEGER, bit BIGINT
select distinct tally.event, tally.passed, steps.position, steps.bit
from tally
join steps
  on steps.event in (tally.event, '*') and tally.passed & steps.needs = steps.needs
