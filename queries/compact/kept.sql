-- Models whose compact form is kept and made from the events that are there now.
--
-- returns model INTEGER, definition VARCHAR
select model, definition
from compact_models
where events = (select count(*) from loaded_events)
