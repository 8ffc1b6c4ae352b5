-- Every entry as an attempt of its own, to be followed by the earliest next event of each stage.
--
-- For Spark: an attempt is called by its entry and its person, since to number all takes one machine.
--
-- returns try_key BIGINT, person_key BIGINT, position INTEGER, ts_us BIGINT, previous_us BIGINT, entered_us BIGINT, run INTEGER
select
  concat(cast(ts_us as string), ' ', person_key) as try_key,
  person_key,
  1 as position,
  ts_us,
  cast(null as bigint) as previous_us,
  ts_us as entered_us,
  1 as run
from (select distinct person_key, ts_us from alive)
