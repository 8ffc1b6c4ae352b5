-- Purchases in the period, at the stage of the first one or at that of further ones.
--
-- param since_us BIGINT     first instant of the period
-- param until_us BIGINT     first instant after the period
-- param first_at INTEGER    the stage of first purchases
-- param further_at INTEGER  the stage of further ones
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, first_bought BOOLEAN
select
  person_key,
  ts_us,
  if(number = 1, getvariable('first_at'), getvariable('further_at')) as position,
  number = 1 as first_bought
from purchases
where ts_us >= getvariable('since_us') and ts_us < getvariable('until_us')
