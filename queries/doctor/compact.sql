-- How many rows the compact form has, all of them read, every column: a damaged file shows here.
--
-- The digest is of no use but to make the engine read.
--
-- returns rows BIGINT, digest VARCHAR
select cast(sum(rows) as bigint) as rows, string_agg(cast(digest as varchar), ' ') as digest
from (
  select count(*) as rows, bit_xor(hash(compact_people)) as digest from compact_people
  union all
  select count(*) as rows, bit_xor(hash(compact_tally)) as digest from compact_tally
  union all
  select count(*) as rows, bit_xor(hash(compact_events)) as digest from compact_events
  union all
  select count(*) as rows, bit_xor(hash(compact_ever)) as digest from compact_ever
  union all
  select count(*) as rows, bit_xor(hash(compact_second)) as digest from compact_second
)
