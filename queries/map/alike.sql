-- Those of the people who are counted whose ids share a hash, which among ten million is not to be
-- expected: each gets a number below zero in its place.
--
-- returns person_key BIGINT, person_hash BIGINT, person_check BIGINT
select
  -row_number() over (order by person_hash, person_check) as person_key,
  person_hash,
  person_check
from counted_people
where person_hash in (
    select person_hash from counted_people group by person_hash having count(*) > 1
  )
