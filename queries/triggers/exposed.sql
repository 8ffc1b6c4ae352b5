-- For each event, the people of each segment who did it by the landmark, and how many then bought.
--
-- returns segment INTEGER, event VARCHAR, users BIGINT, bought BIGINT
select
  segments.segment,
  did.event,
  count(*) as users,
  count(*) filter (where at_risk.bought) as bought
from did
join at_risk on at_risk.person_key = did.person_key
join segments on segments.person_key = did.person_key
group by segments.segment, did.event
order by segments.segment, did.event
