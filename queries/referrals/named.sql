-- Everybody with their first event, and the first referrer they named; of names at one instant the one that sorts first.
--
-- Empty text is nobody.
--
-- returns person_key INTEGER, came_us BIGINT, referrer VARCHAR, named_us BIGINT
with firsts as (
  select
    user_id,
    min(epoch_us(ts)) as came_us,
    min({us: epoch_us(ts), referrer: referrer_id}) filter (where referrer_id <> '') as named
  from naming
  where user_id is not null
  group by user_id
)
select people.person_key, firsts.came_us, named.referrer as referrer, named.us as named_us
from firsts
join people on people.user_id = firsts.user_id
