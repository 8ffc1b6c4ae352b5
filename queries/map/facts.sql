-- What there is to read: rows, people and the time they span, whatever the question.
--
-- returns rows BIGINT, users BIGINT, without_user BIGINT, future BIGINT, unmapped_events BIGINT, first TIMESTAMP, last TIMESTAMP
select
  cast(coalesce(sum(rows), 0) as bigint) as rows,
  (select count(*) from people) as users,
  cast(coalesce(sum(without_user), 0) as bigint) as without_user,
  (select future from latest) as future,
  cast(coalesce(sum(rows) filter (where not exists (
    select 1
    from matches
    where matches.event = tally.event and matches.passed = tally.passed
  )), 0) as bigint) as unmapped_events,
  min(first) as first,
  max(last) as last
from tally
