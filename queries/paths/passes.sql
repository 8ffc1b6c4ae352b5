-- How often those who first bought in the period went back to an earlier stage before they did.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns passes BIGINT, people BIGINT, people_rate DOUBLE, buyers BIGINT
with buyers as (
  select person_key, ts_us
  from purchases
  where number = 1
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('until_us')
),
counted as (
  select buyers.person_key, count(arrivals.person_key) as passes
  from buyers
  left join arrivals
    on arrivals.person_key = buyers.person_key
    and arrivals.before > arrivals.position
    and arrivals.ts_us <= buyers.ts_us
    and not arrivals.first_bought
  group by buyers.person_key
)
select
  passes,
  count(*) as people,
  count(*) / (select count(*) from buyers) as people_rate,
  (select count(*) from buyers) as buyers
from counted
group by passes
order by passes
