-- All channels of events that match a stage.
--
-- returns channel VARCHAR
select distinct channel
from touch_events
where channel is not null
order by channel
