-- Everybody with their first event, and the first referrer they named; of names at one instant the one that sorts first.
--
-- Empty text is nobody. Few events name anybody, so these are taken apart from the rest.
--
-- For Spark: structs are written otherwise, and epoch_us is called unix_micros.
--
-- returns person_key BIGINT, came_us BIGINT, referrer VARCHAR, named_us BIGINT
with firsts as (
  select person_key, min(ts_us) as came_us
  from naming
  where person_key is not null
  group by person_key
),
names as (
  select person_key, min(struct(ts_us, referrer_id as referrer)) as named
  from naming
  where person_key is not null and referrer_id <> ''
  group by person_key
)
select
  firsts.person_key,
  firsts.came_us,
  names.named.referrer as referrer,
  names.named.ts_us as named_us
from firsts
left join names on names.person_key = firsts.person_key
