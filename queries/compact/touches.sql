-- The first (or last) channel that a person showed on a kept event of any stage.
--
-- param model INTEGER        number of the model
-- param direction INTEGER    1 takes the first, -1 the last
-- param since_us BIGINT      first instant of the period
-- param read_until_us BIGINT first instant that may not be read any more
-- returns person_key BIGINT, dimension INTEGER, value VARCHAR
select
  person_key, 1 as dimension,
  min({place: ts_us * getvariable('direction'), value: channel}).value as value
from compact_events
where model = getvariable('model')
  and channel is not null
  and ts_us >= getvariable('since_us')
  and ts_us < getvariable('read_until_us')
group by person_key
