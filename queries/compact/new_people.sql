-- People of the events at hand who have no number yet, with the numbers after those given.
--
-- returns person_key BIGINT, user_id VARCHAR
select
  cast(
    row_number() over () + (select coalesce(max(person_key), 0) from compact_people) as integer
  ) as person_key,
  user_id
from (
  select distinct user_id
  from everything
  where user_id is not null
    and user_id not in (select user_id from compact_people)
)
