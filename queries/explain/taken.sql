-- Which stages of the model came inside the window of the chosen opening, in the order in which they
-- came: the first event of each.
--
-- param window_us BIGINT     longest time from the opening
-- param read_until_us BIGINT first instant that may not be read any more
-- returns position INTEGER, ts_us BIGINT
select event.position, min(event.ts_us) as ts_us
from stage_events as event
join chosen
  on event.ts_us >= chosen.entered_us
  and event.ts_us - chosen.entered_us <= getvariable('window_us')
where event.ts_us < getvariable('read_until_us')
group by event.position
order by ts_us, event.position
