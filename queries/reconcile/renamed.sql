-- The depths of the rules counted before, of people by the numbers that they have now: those that a
-- database keeps are others than those that are made for one run.
--
-- returns person_key BIGINT, reached INTEGER, stages BIGINT
select people.person_key, depths.reached, depths.stages
from depths
join people_before on people_before.person_key = depths.person_key
join people on people.user_id = people_before.user_id
