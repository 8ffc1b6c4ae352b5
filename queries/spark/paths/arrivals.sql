-- Each visit of a path but the first, beside the one before it.
--
-- For Spark: lists become rows by other functions, and begin at 0.
--
-- returns person_key BIGINT, before INTEGER, position INTEGER, ts_us BIGINT, took_us BIGINT, first_bought BOOLEAN
select
  person_key,
  inline(transform(
    slice(stages, 2, size(stages)),
    (position, place) -> named_struct(
      'before', get(stages, place),
      'position', position,
      'ts_us', get(instants, place + 1),
      'took_us', get(instants, place + 1) - get(instants, place),
      'first_bought', get(first_bought, place + 1)
    )
  ))
from visits
