-- Stage events of people whose chosen attempt is not mature, without entries that are not: only
-- they may come less far over mature entries, for whoever has a mature chosen attempt has the best.
-- Who got no further than stage 1 was given the first of their entries, unless the rules take the
-- last: if the first is not mature, none is.
--
-- param least_reached INTEGER  how far the people to look at again got at least
-- returns person_key INTEGER, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select person_key, ts_us, position, run_from, floor_us
from stage_events
where person_key in (
    select person_key
    from chosen
    where reached >= getvariable('least_reached')
      and entered_us > (select mature_us from maturity)
  )
  and (position > 1 or ts_us <= (select mature_us from maturity))
