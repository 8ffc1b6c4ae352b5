-- People by their combination of values and the stages they took, as a sum of bits.
--
-- returns by_values VARCHAR[], stages BIGINT, people BIGINT
select person_values.by_values, coalesce(taken.stages, 0) as stages, count(*) as people
from person_values
left join taken on taken.person_key = person_values.person_key
group by person_values.by_values, taken.stages
