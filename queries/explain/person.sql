-- The number of one person; no row if nobody has the id.
--
-- param user VARCHAR  the id
-- returns person_key BIGINT
select person_key
from people
where user_id = getvariable('user')
