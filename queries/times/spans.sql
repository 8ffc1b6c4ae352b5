-- How long people took to each stage: from the stage before, and from the entry of their attempt.
--
-- The stage an attempt begins with takes no time and is left out.
--
-- returns person_key BIGINT, time_from VARCHAR, position INTEGER, span_us BIGINT
select journeys.person_key, 'previous' as time_from, journeys.position,
  journeys.ts_us - journeys.previous_us as span_us
from journeys
where journeys.previous_us is not null
union all
select journeys.person_key, 'entry' as time_from, journeys.position,
  journeys.ts_us - chosen.entered_us as span_us
from journeys
join chosen on chosen.person_key = journeys.person_key
where journeys.previous_us is not null
