-- The events of one person, each with the value that attempts hold; empty text is none.
--
-- param user VARCHAR  the id
-- returns ts TIMESTAMP, row BIGINT, event VARCHAR, passed BIGINT, value VARCHAR
select ts, cast(null as bigint) as row, event, passed, nullif(carried, '') as value
from scope
where user_id = getvariable('user')
