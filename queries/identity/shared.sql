-- Ids that several known people share, those of most people first.
--
-- param most INTEGER      how many to list
-- param show_ids BOOLEAN  whether ids are shown as they are, or as short hashes
-- returns alias VARCHAR, ids BIGINT, people BIGINT, persons VARCHAR, found_in VARCHAR, events BIGINT
with shared as (
  select root_key
  from id_claimants
  group by root_key
  having count(*) > 1
),
named as (
  select id_groups.root_key, people.id as person, id_links.in_table, id_links.events
  from shared
  join id_groups on id_groups.root_key = shared.root_key
  join id_keys as ids on ids.id_key = id_groups.id_key
  join id_links on id_links.alias = ids.id
  join id_keys as people on people.id = id_links.person
  where people.known
),
shown as (
  select root_key, person, in_table, events,
    case when getvariable('show_ids') then person else left(sha256(person), 8) end as told
  from named
),
told as (
  select
    root_key,
    count(distinct person) as people,
    array_to_string(list_sort(list(distinct told))[:5], ', ') as persons,
    case when not bool_or(in_table) then 'events'
      when bool_and(in_table) and sum(events) = 0 then 'alias table'
      else 'both' end as found_in,
    cast(sum(events) as bigint) as events
  from shown
  group by root_key
)
select
  case when getvariable('show_ids') then min(ids.id) else left(sha256(min(ids.id)), 8) end as alias,
  count(*) as ids,
  any_value(told.people) as people,
  any_value(told.persons) || if(any_value(told.people) > 5, ', …', '') as persons,
  any_value(told.found_in) as found_in,
  any_value(told.events) as events
from told
join id_groups on id_groups.root_key = told.root_key
join id_keys as ids on ids.id_key = id_groups.id_key
group by told.root_key
order by people desc, events desc, min(ids.id)
limit getvariable('most')
