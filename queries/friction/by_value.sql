-- The first failure of each person at each stage in each row of a breakdown.
--
-- returns segment INTEGER, person_key BIGINT, position INTEGER, failed BOOLEAN, first_us BIGINT
select
  ranks.segment,
  failures.person_key,
  failures.position,
  true as failed,
  min(failures.first_us) as first_us
from failures
join ranks on ranks.by_values is not distinct from failures.by_values
group by ranks.segment, failures.person_key, failures.position
