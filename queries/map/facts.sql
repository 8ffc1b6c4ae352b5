-- What there is to read: rows, people and the time they span, whatever the question.
--
-- returns rows BIGINT, users BIGINT, without_user BIGINT, future BIGINT, unmapped_events BIGINT, first TIMESTAMP, last TIMESTAMP
select
  cast(coalesce(sum(tally.rows), 0) as bigint) as rows,
  (select count(*) from everybody) as users,
  cast(coalesce(sum(tally.without_user), 0) as bigint) as without_user,
  (select future from latest) as future,
  cast(coalesce(sum(tally.rows) filter (where mapped.event is null), 0) as bigint)
    as unmapped_events,
  min(tally.first) as first,
  max(tally.last) as last
from tally
left join (select distinct event, passed from matches) as mapped
  on mapped.event = tally.event and mapped.passed = tally.passed
