-- Everybody with their first event, and the first referrer they named; of names at one instant the one that sorts first.
--
-- Empty text is nobody. Few events name anybody, so these are taken apart from the rest.
--
-- returns person_key BIGINT, came_us BIGINT, referrer VARCHAR, named_us BIGINT
with firsts as (
  select person_key, min(ts) as came
  from naming
  where person_key is not null
  group by person_key
),
names as (
  select person_key, min({ts: ts, referrer: referrer_id}) as named
  from naming
  where person_key is not null and referrer_id <> ''
  group by person_key
)
select
  firsts.person_key,
  epoch_us(firsts.came) as came_us,
  names.named.referrer as referrer,
  epoch_us(names.named.ts) as named_us
from firsts
left join names on names.person_key = firsts.person_key
