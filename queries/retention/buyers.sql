-- People whose first purchase lies in the period, as far as they were observed.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after it
-- returns person_key BIGINT, first_us BIGINT
select person_key, ts_us as first_us
from purchases
where number = 1
  and ts_us >= getvariable('since_us')
  and ts_us < getvariable('until_us')
  and ts_us <= (select as_of_us from observed)
