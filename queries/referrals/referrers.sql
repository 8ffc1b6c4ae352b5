-- Who the referrers are that people named, by whatever id of theirs; they have an event that passes `where`.
--
-- returns referrer VARCHAR, person_key BIGINT
with wanted as (
  select distinct referrer
  from named
  where referrer is not null
)
select wanted.referrer, people.person_key
from wanted
left join other_names on other_names.alias = wanted.referrer
join people on people.user_id = coalesce(other_names.person, wanted.referrer)
where people.person_key in (select person_key from named)
