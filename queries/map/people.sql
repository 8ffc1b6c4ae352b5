-- Everybody who is counted (users, unless the rules say otherwise), with a number that stands for the
-- id from here on: its hash, so that nobody has to be looked up for an event. Of ids that share one,
-- which among ten million people is not to be expected, each gets a number below zero.
--
-- returns person_key BIGINT, user_id VARCHAR
with hashed as materialized (
  select cast(hash(user_id) >> 1 as bigint) as person_key, user_id
  from (select distinct user_id from everything where user_id is not null)
)
select
  if(
    person_key in (select person_key from hashed group by person_key having count(*) > 1),
    -row_number() over (),
    person_key
  ) as person_key,
  user_id
from hashed
