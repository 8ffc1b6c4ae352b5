-- The stages that would have taken each person further, where any order counts: those of the model
-- without an event inside the window of the opening that counts. With them, when that was and when the
-- last of the others came.
--
-- param window_us BIGINT     longest time from the opening
-- param read_until_us BIGINT first instant that may not be read any more
-- returns person_key BIGINT, position INTEGER, entered_us BIGINT, completed_us BIGINT
with came as (
  select chosen.person_key, event.position
  from chosen
  join stage_events as event
    on event.person_key = chosen.person_key
    and event.ts_us >= chosen.entered_us
  where event.ts_us < getvariable('read_until_us')
    and event.ts_us - chosen.entered_us <= getvariable('window_us')
)
select chosen.person_key, model_stages.position, chosen.entered_us, chosen.completed_us
from chosen
cross join model_stages
anti join came
  on came.person_key = chosen.person_key and came.position = model_stages.position
