-- People of the events at hand, with the numbers they have, or the next ones if they have none.
--
-- returns person_key BIGINT, user_id VARCHAR
with arrived as materialized (
  select arrived.user_id, compact_people.person_key
  from (select distinct user_id from everything where user_id is not null) as arrived
  left join compact_people on compact_people.user_id = arrived.user_id
)
select person_key, user_id
from arrived
where person_key is not null
union all
select
  cast(
    row_number() over () + (select coalesce(max(person_key), 0) from compact_people) as integer
  ) as person_key,
  user_id
from arrived
where person_key is null
