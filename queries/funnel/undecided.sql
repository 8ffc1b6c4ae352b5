-- Mature entries of people whose chosen entry is not mature.
--
-- Everybody else is as deep in the funnel over mature entries as in the whole one: a mature
-- chosen entry is among them, and it is the best. (Who got no further than stage 1 was given the
-- first of their entries, unless the rules take the last: if the first is not mature, none is.)
--
-- param least_reached INTEGER  how far the people to look at again got at least
-- param since_us BIGINT   first instant of the period
-- param until_us BIGINT   first instant after the period
-- returns position INTEGER, person_key INTEGER, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
select
  event.position, event.person_key, event.ts_us, event.ts_us as started_us, event.run_from,
  event.floor_us
from attempt_events as event
join chosen
  on chosen.person_key = event.person_key
  and chosen.reached >= getvariable('least_reached')
where event.position = 1
  and event.ts_us >= getvariable('since_us')
  and event.ts_us < getvariable('until_us')
  and event.ts_us <= (select mature_us from maturity)
  and chosen.entered_us > (select mature_us from maturity)
