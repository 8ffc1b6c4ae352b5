-- Everybody with their first event, and the first referrer they named; of names at one instant the one that sorts first.
--
-- Empty text is nobody. Few events name anybody, so these are taken apart from the rest.
--
-- For Spark: structs are written otherwise, and epoch_us is called unix_micros.
--
-- returns person_key BIGINT, came_us BIGINT, referrer VARCHAR, named_us BIGINT
with firsts as (
  select user_id, min(ts_us) as came_us
  from naming
  where user_id is not null
  group by user_id
),
names as (
  select user_id, min(struct(ts_us, referrer_id as referrer)) as named
  from naming
  where user_id is not null and referrer_id <> ''
  group by user_id
)
select
  people.person_key,
  firsts.came_us,
  names.named.referrer as referrer,
  names.named.ts_us as named_us
from firsts
join people on people.user_id = firsts.user_id
left join names on names.user_id = firsts.user_id
