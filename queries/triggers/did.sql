-- What each of the people followed did between entry and landmark, both included: one row an event.
--
-- Events that are a purchase by their name are left out: they cannot go before one.
--
-- returns person_key BIGINT, event VARCHAR
select distinct at_risk.person_key, scope.event
from scope
join at_risk
  on at_risk.person_key = scope.person_key
  and scope.ts_us >= at_risk.entered_us
  and scope.ts_us <= at_risk.landmark_us
where scope.event not in (select event from purchase_steps)
