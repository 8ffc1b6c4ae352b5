-- Which stages anybody in a row did at all.
--
-- returns person_key BIGINT, stages BIGINT
select track_rows.row_key as person_key, bit_or(ever.stages) as stages
from ever
join track_rows on track_rows.track_key = ever.person_key
group by track_rows.row_key
