-- How far those came of whom `where` leaves an event: the others are nobody to the question.
--
-- returns person_key BIGINT, reached INTEGER, entered_us BIGINT, reason VARCHAR
select outcomes.person_key, outcomes.reached, outcomes.entered_us, outcomes.reason
from outcomes
join people on people.person_key = outcomes.person_key
left join (select distinct user_id from scope) as present on present.user_id = people.user_id
where outcomes.reached > 0 or present.user_id is not null
