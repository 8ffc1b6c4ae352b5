-- How far those came of whom `where` leaves an event: the others are nobody to the question.
--
-- returns person_key BIGINT, reached INTEGER, entered_us BIGINT, reason VARCHAR
select outcomes.person_key, outcomes.reached, outcomes.entered_us, outcomes.reason
from outcomes
left join (select distinct person_key from scope) as present
  on present.person_key = outcomes.person_key
where outcomes.reached > 0 or present.person_key is not null
