-- Every person once for each bucket they have an entry in (in any order every stage event is one), with a key of its own: for a trend,
-- person and bucket take the place of the person.
--
-- For Spark: numbers for everybody would have to be dealt out by one machine, so the id is the key. There is no ASOF join everywhere; buckets lie side by side.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- param any_stage BOOLEAN  whether an attempt may begin at any stage
-- returns entrant_key BIGINT, person_key BIGINT, bucket INTEGER, first_us BIGINT, last_us BIGINT
select /*+ broadcast(buckets) */
  concat(cast(buckets.bucket as string), ' ', entry.person_key) as entrant_key,
  entry.person_key,
  buckets.bucket,
  min(entry.ts_us) as first_us,
  max(entry.ts_us) as last_us
from stage_events as entry
join buckets on entry.ts_us >= buckets.start_us and entry.ts_us < buckets.end_us
where (entry.position = 1 or getvariable('any_stage'))
  and entry.ts_us >= getvariable('since_us')
  and entry.ts_us < getvariable('until_us')
group by entry.person_key, buckets.bucket
