-- One person alone, in the place of everybody.
--
-- param person BIGINT  the number of the person
-- returns person_key BIGINT, user_id VARCHAR
select person_key, user_id
from people
where person_key = getvariable('person')
