-- The stages that anybody in a row came to over mature entries: of two masks the greater is deeper,
-- or as deep with more stages.
--
-- returns person_key BIGINT, stages BIGINT
select track_rows.row_key as person_key, max(matured.stages) as stages
from matured
join track_rows on track_rows.track_key = matured.person_key
group by track_rows.row_key
