-- All events in one row: how many, by how many people, from when to when.
--
-- param now TIMESTAMP        the clock: later events are future
-- returns rows BIGINT, users BIGINT, without_user BIGINT, unmapped BIGINT, future BIGINT
-- returns first TIMESTAMP, last TIMESTAMP
select
  count(*) as rows,
  count(distinct user_id) as users,
  count(case when user_id is null then 1 end) as without_user,
  count(case when mapped_events.event is null then 1 end) as unmapped,
  count(case when ts > getvariable('now') then 1 end) as future,
  min(ts) as first,
  max(ts) as last
from events
left join mapped_events on mapped_events.event = events.event
