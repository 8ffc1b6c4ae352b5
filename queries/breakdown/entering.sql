-- Kinds of events that fill the stage each person's chosen attempt began with, or any stage, at its entry.
--
-- param any_stage BOOLEAN  whether an attempt may begin at any stage
-- returns person_key BIGINT, event VARCHAR, passed BIGINT
select distinct chosen.person_key, matches.event, matches.passed
from chosen
join stage_events
  on stage_events.person_key = chosen.person_key
  and stage_events.ts_us = chosen.entered_us
join matches on matches.position = stage_events.position
where getvariable('any_stage') or matches.position = chosen.first_position
