-- Those people that a list asks for, by the stages that the funnel counts them at; a value that is null
-- asks for everybody.
--
-- param everybody BOOLEAN  whether people who never entered are in
-- param here BIGINT        the bit of a stage that they took
-- param left_at BIGINT     the bit of a stage that they took without the next one
-- param next BIGINT        the bit of the nearest stage after that which is not optional
-- param reason VARCHAR     why they did not get further
-- returns person_key BIGINT, reached INTEGER, entered_us BIGINT, reason VARCHAR
select outcomes.person_key, outcomes.reached, outcomes.entered_us, outcomes.reason
from outcomes
left join taken on taken.person_key = outcomes.person_key
where (getvariable('everybody') or outcomes.reached > 0)
  and (getvariable('here') is null or taken.stages & getvariable('here') > 0)
  and (
    getvariable('left_at') is null
    or (taken.stages & getvariable('left_at') > 0 and taken.stages & getvariable('next') = 0)
  )
  and (getvariable('reason') is null or outcomes.reason = getvariable('reason'))
