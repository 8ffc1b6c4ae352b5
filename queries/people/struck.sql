-- Who would have come further without an exclusion: when they were struck, and by which event. Of
-- several at that instant it is the one that sorts first.
--
-- returns person_key BIGINT, struck_us BIGINT, event VARCHAR
select struck_on.person_key, struck_on.struck_us, min(scope.event) as event
from struck_on
join scope on scope.person_key = struck_on.person_key and scope.ts_us = struck_on.struck_us
join exclusion_steps as step
  on step.exclusion = struck_on.exclusion
  and step.event in (scope.event, '*')
  and scope.passed & step.needs = step.needs
group by struck_on.person_key, struck_on.struck_us
