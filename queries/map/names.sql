-- Names of all events, most frequent first: what a guess of stages is made from.
--
-- returns event VARCHAR, rows BIGINT
select event, count(*) as rows
from events
group by event
order by rows desc, event
