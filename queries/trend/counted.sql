-- The people of one bucket with the stages that each took, as the sum of a bit a stage, and when they
-- entered first and last.
--
-- param bucket INTEGER     number of the bucket
-- param since_us BIGINT    first instant of entries
-- param until_us BIGINT    first instant after them
-- param any_stage BOOLEAN  whether an attempt may begin at any stage
-- returns bucket INTEGER, person_key BIGINT, stages BIGINT, first_us BIGINT, last_us BIGINT
select
  getvariable('bucket') as bucket, taken.person_key, taken.stages, entries.first_us, entries.last_us
from taken
left join (
  select person_key, min(ts_us) as first_us, max(ts_us) as last_us
  from stage_events
  where (position = 1 or getvariable('any_stage'))
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('until_us')
  group by person_key
) as entries on entries.person_key = taken.person_key
