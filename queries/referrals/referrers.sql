-- Who the referrers are that people named: an id of the data, be it one of several of a person, who
-- has an event that passes `where`.
--
-- Ids as they are written are looked through only for those that are nobody's name in `people`.
--
-- returns referrer VARCHAR, person_key BIGINT
with wanted as (
  select distinct referrer
  from named
  where referrer is not null
),
found as (
  select wanted.referrer, people.person_key
  from wanted
  join people on people.user_id = wanted.referrer
),
others as (
  select distinct ids.by_values[1] as referrer, ids.user_id
  from ids
  where ids.by_values[1] in (
    select referrer
    from wanted
    where referrer not in (select referrer from found)
  )
)
select referrer, person_key
from (
  select referrer, person_key
  from found
  union all
  select others.referrer, people.person_key
  from others
  join people on people.user_id = others.user_id
) as known
where person_key in (select person_key from named)
