-- Mature entries of people whose chosen entry is not mature.
--
-- Everybody else is as deep in the funnel over mature entries as in the whole one: a mature
-- chosen entry is among them, and it is the best. (Who got no further than stage 1 was given the
-- first of their entries, unless the rules take the last: if the first is not mature, none is.)
--
-- param least_reached INTEGER  how far the people to look at again got at least
-- param since_us BIGINT   first instant of the period
-- param until_us BIGINT   first instant after the period
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
with late as (
  select person_key
  from chosen
  where reached >= getvariable('least_reached')
    and entered_us > (select mature_us from maturity)
)
select position, person_key, ts_us, ts_us as started_us, run_from, floor_us
from attempt_events
where position = 1
  and ts_us >= getvariable('since_us')
  and ts_us < getvariable('until_us')
  and ts_us <= (select mature_us from maturity)
  and person_key in (select person_key from late)
