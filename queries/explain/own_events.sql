-- The events of one person.
--
-- param user VARCHAR  the id
-- returns ts TIMESTAMP, event VARCHAR, passed BIGINT, value VARCHAR
select ts, event, passed, cast(null as varchar) as value
from scope
where user_id = getvariable('user')
