-- The events of one person, each with its place in the order of the file.
--
-- param user VARCHAR  the id
-- returns ts TIMESTAMP, row BIGINT, event VARCHAR, passed BIGINT, value VARCHAR
select ts, row, event, passed, cast(null as varchar) as value
from scope
where user_id = getvariable('user')
