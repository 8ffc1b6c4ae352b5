-- For each event, the people of each segment with and without it by the landmark, and how many of
-- each then bought.
--
-- returns segment INTEGER, event VARCHAR, with_users BIGINT, with_bought BIGINT, without_users BIGINT, without_bought BIGINT, ratio DOUBLE
with sizes as (
  select
    segments.segment,
    count(*) as users,
    count(*) filter (where at_risk.bought) as bought
  from segments
  join at_risk on at_risk.person_key = segments.person_key
  group by segments.segment
),
exposed as (
  select
    segments.segment,
    did.event,
    count(*) as users,
    count(*) filter (where at_risk.bought) as bought
  from did
  join at_risk on at_risk.person_key = did.person_key
  join segments on segments.person_key = did.person_key
  group by segments.segment, did.event
)
select
  exposed.segment,
  exposed.event,
  exposed.users as with_users,
  exposed.bought as with_bought,
  sizes.users - exposed.users as without_users,
  sizes.bought - exposed.bought as without_bought,
  if(
    sizes.bought > exposed.bought and sizes.users > exposed.users,
    (exposed.bought / exposed.users)
      / ((sizes.bought - exposed.bought) / (sizes.users - exposed.users)),
    null
  ) as ratio
from exposed
join sizes on sizes.segment = exposed.segment
order by exposed.segment, exposed.event
