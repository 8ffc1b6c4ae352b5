-- Event names of the data with their rows, most frequent first.
--
-- returns event VARCHAR, rows BIGINT
select event, cast(sum(rows) as bigint) as rows
from tally
group by event
order by rows desc, event
