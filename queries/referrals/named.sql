-- Everybody with their first event, and the first referrer they named; of names at one instant the one that sorts first.
--
-- Empty text is nobody. Few events name anybody, so these are taken apart from the rest.
--
-- returns person_key BIGINT, came_us BIGINT, referrer VARCHAR, named_us BIGINT
with firsts as (
  select user_id, min(ts) as came
  from naming
  where user_id is not null
  group by user_id
),
names as (
  select user_id, min({ts: ts, referrer: referrer_id}) as named
  from naming
  where user_id is not null and referrer_id <> ''
  group by user_id
)
select
  people.person_key,
  epoch_us(firsts.came) as came_us,
  names.named.referrer as referrer,
  epoch_us(names.named.ts) as named_us
from firsts
join people on people.user_id = firsts.user_id
left join names on names.user_id = firsts.user_id
