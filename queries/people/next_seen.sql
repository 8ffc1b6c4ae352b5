-- What became of the events that would have taken each person further: whether any of them came in
-- time but with something else between (strict order) or with another value than is held, came
-- too late, inside the minimum gap, or at the very instant. Where rows tell events of one instant
-- apart, `used` says that one of them is the very event (`own`) of the stage reached.
--
-- param from_entry BOOLEAN       whether times are from the entry (any order), not the stage reached
-- param window_us BIGINT         longest time from the entry
-- param tie_tolerance_us BIGINT  how long before the stage before an event may lie
-- returns person_key BIGINT, interrupted BOOLEAN, other_value BOOLEAN, too_late BOOLEAN, too_soon BOOLEAN, at_once BOOLEAN, used BOOLEAN
with seen as (
  select
    event.person_key,
    event.held,
    event.own,
    event.floor_us > event.completed_us as is_behind,
    event.ts_us - if(getvariable('from_entry'), event.entered_us, event.completed_us) as after_us,
    event.ts_us - event.entered_us <= getvariable('window_us') as in_window,
    model_stages.min_gap_us, model_stages.least_us, model_stages.within_us
  from next_events as event
  join model_stages on model_stages.position = event.position
)
select
  person_key,
  bool_or(is_behind and in_window and after_us <= within_us) as interrupted,
  bool_or(
    not held and in_window and after_us <= within_us
    and after_us >= if(least_us = 0, -getvariable('tie_tolerance_us'), least_us)
  ) as other_value,
  bool_or(after_us > 0 and after_us >= min_gap_us) as too_late,
  bool_or(after_us >= 0 and after_us < min_gap_us) as too_soon,
  bool_or(after_us = 0 and not own) as at_once,
  bool_or(own) as used
from seen
group by person_key
