-- How many different stages each opening leads to, and when the last of them came.
--
-- returns person_key BIGINT, opened_us BIGINT, reached INTEGER, completed_us BIGINT
select
  person_key,
  opened_us,
  cast(count(*) as integer) as reached,
  max(ts_us) as completed_us
from found
group by person_key, opened_us
