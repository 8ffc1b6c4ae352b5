-- The events of one person.
--
-- param user VARCHAR  the id
-- returns ts TIMESTAMP, row BIGINT, event VARCHAR, passed BIGINT, value VARCHAR
select ts, cast(null as bigint) as row, event, passed, cast(null as varchar) as value
from scope
where user_id = getvariable('user')
