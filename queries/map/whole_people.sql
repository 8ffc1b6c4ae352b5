-- Everybody who is counted, where ids are whole numbers: an id stands for itself.
--
-- returns person_key BIGINT, user_id VARCHAR
select plain_id as person_key, cast(plain_id as varchar) as user_id
from (select distinct plain_id from everything where plain_id is not null)
