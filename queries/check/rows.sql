-- How many events there are in the period, whatever they are.
--
-- param since TIMESTAMP   first instant of the period; null is any
-- param until TIMESTAMP   first instant after it; null is any
-- returns rows BIGINT
select count(*) as rows
from scope
where (ts >= getvariable('since') or getvariable('since') is null)
  and (ts < getvariable('until') or getvariable('until') is null)
