-- Whether a new stage event shares person and instant with one that is kept.
--
-- param model INTEGER  number of the model
-- returns meets BOOLEAN
select count(*) > 0 as meets
from compact_events
semi join stage_events
  on stage_events.person_key = compact_events.person_key
  and stage_events.ts_us = compact_events.ts_us
where compact_events.model = getvariable('model')
