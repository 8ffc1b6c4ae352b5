-- People whose ids share a hash, which among ten million is not to be expected: each gets a number below
-- zero in its place.
--
-- Of a hash that is one id's the two parts of `person_check` add up to 32767; of two they exceed it.
--
-- returns person_key BIGINT, person_hash BIGINT, person_check BIGINT
select
  -row_number() over (order by person_key, person_check) as person_key,
  person_key as person_hash,
  person_check
from (
  select distinct person_key, person_check
  from coded_events
  where person_key in (
      select person_hash
      from counted_people
      where (bits >> 47) + (bits >> 32 & 32767) > 32767
    )
)
