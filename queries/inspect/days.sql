-- Events and people of each day (UTC), days without any included.
--
-- returns day DATE, events BIGINT, people BIGINT
with counted as (
  select cast(ts as date) as day, count(*) as events, count(distinct user_id) as people
  from events
  group by cast(ts as date)
),
calendar as (
  select cast(unnest(generate_series(min(day), max(day), interval 1 day)) as date) as day
  from counted
)
select calendar.day, coalesce(counted.events, 0) as events, coalesce(counted.people, 0) as people
from calendar
left join counted on counted.day = calendar.day
order by calendar.day
