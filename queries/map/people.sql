-- The ids of everybody who is counted, beside the numbers that stand for them.
--
-- returns person_key BIGINT, user_id VARCHAR
select
  coalesce(alike.person_key, cast(hash(named.user_id) >> 1 as bigint)) as person_key,
  named.user_id
from (select distinct user_id from everything where user_id is not null) as named
left join alike
  on alike.person_hash = cast(hash(named.user_id) >> 1 as bigint)
  and alike.person_check = 32767 * 140737488355328 - cast(hash(concat('.', named.user_id)) >> 49 as bigint) * 140733193388032
