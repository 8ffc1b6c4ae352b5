-- Everybody who is counted, with a dense number that stands for the id in what a database keeps.
--
-- returns person_key INTEGER, user_id VARCHAR
select cast(row_number() over () as integer) as person_key, user_id
from (select distinct user_id from everything where user_id is not null)
