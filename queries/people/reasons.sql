-- How many people stopped at each stage, for each reason.
--
-- returns reached INTEGER, stage VARCHAR, reason VARCHAR, people BIGINT
select selected.reached, stages.stage, selected.reason, count(*) as people
from selected
left join stages on stages.position = selected.reached
group by selected.reached, stages.stage, selected.reason
order by selected.reached, people desc, selected.reason
