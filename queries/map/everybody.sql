-- The numbers of everybody who is counted, with the stages they did at all and when the first of them
-- first: see `map/counted_people`.
--
-- returns person_key BIGINT, stages BIGINT, entered_us BIGINT
select
  coalesce(alike.person_key, counted_people.person_hash) as person_key,
  counted_people.stages,
  counted_people.entered_us
from counted_people
left join alike
  on alike.person_hash = counted_people.person_hash
  and alike.person_check = counted_people.person_check
