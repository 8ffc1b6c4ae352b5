-- The stage events of people whose chosen attempt is not mature: only they may be less deep over mature
-- entries. Where only the last entries count that may be anybody, since other ones are the last.
--
-- param everybody BOOLEAN  whether to take all people
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select event.person_key, event.ts_us, event.position, event.run_from, event.floor_us
from stage_events as event
where getvariable('everybody')
  or event.person_key in (
    select person_key from chosen where entered_us > (select mature_us from maturity)
  )
