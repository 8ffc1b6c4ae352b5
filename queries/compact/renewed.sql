-- People with new events of the first two stages: what is kept of how they got from the one to the
-- other is not true any more.
--
-- returns person_key BIGINT
select distinct person_key
from new_events
where position <= 2
