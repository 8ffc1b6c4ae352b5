-- Events of stages in the period, where no event is of two stages: as they are mapped.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, first_bought BOOLEAN
select stage_events.person_key, stage_events.ts_us, stage_events.position, false as first_bought
from stage_events
join plain_stages on plain_stages.position = stage_events.position
where stage_events.ts_us >= getvariable('since_us')
  and stage_events.ts_us < getvariable('until_us')
