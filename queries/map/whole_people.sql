-- The ids of everybody who is counted, where they are whole numbers: each stands for itself.
--
-- returns person_key BIGINT, user_id VARCHAR
select person_key, cast(person_key as varchar) as user_id
from everybody
