-- The people followed in each segment, and how many of them bought.
--
-- returns segment INTEGER, users BIGINT, bought BIGINT
select
  segments.segment,
  count(*) as users,
  count(*) filter (where at_risk.bought) as bought
from segments
join at_risk on at_risk.person_key = segments.person_key
group by segments.segment
order by segments.segment
