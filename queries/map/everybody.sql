-- The numbers of everybody who is counted.
--
-- returns person_key BIGINT
select coalesce(alike.person_key, counted_people.person_hash) as person_key
from counted_people
left join alike
  on alike.person_hash = counted_people.person_hash
  and alike.person_check = counted_people.person_check
