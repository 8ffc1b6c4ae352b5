-- Each visit of a path but the first, beside the one before it.
--
-- returns person_key BIGINT, before INTEGER, position INTEGER, ts_us BIGINT, took_us BIGINT, first_bought BOOLEAN
select
  person_key,
  unnest(stages[:-2]) as before,
  unnest(stages[2:]) as position,
  unnest(instants[2:]) as ts_us,
  unnest(instants[2:]) - unnest(instants[:-2]) as took_us,
  unnest(first_bought[2:]) as first_bought
from visits
