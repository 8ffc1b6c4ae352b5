-- What each of the people followed did between entry and landmark, both included: one row an event.
--
-- Events that are a purchase by their name are left out: they cannot go before one.
--
-- returns person_key BIGINT, event VARCHAR
with named as (
  select people.user_id, at_risk.person_key, at_risk.entered_us, at_risk.landmark_us
  from at_risk
  join people on people.person_key = at_risk.person_key
)
select distinct named.person_key, scope.event
from scope
join named
  on named.user_id = scope.user_id
  and scope.ts_us >= named.entered_us
  and scope.ts_us <= named.landmark_us
where scope.event not in (select event from purchase_steps)
