-- Each event name: how often, by how many people, from when to when, to the second.
--
-- returns event VARCHAR, events BIGINT, people BIGINT, first TIMESTAMP, last TIMESTAMP
select
  event,
  count(*) as events,
  count(distinct user_id) as people,
  date_trunc('second', min(ts)) as first,
  date_trunc('second', max(ts)) as last
from events
group by event
order by events desc, event
