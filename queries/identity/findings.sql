-- What joining ids did: how many there are, how many are counted as another, and whose rows moved.
--
-- returns finding VARCHAR, count BIGINT, detail VARCHAR, person VARCHAR
with largest as (
  select person, count(*) + 1 as ids
  from id_people
  group by person
  order by ids desc, person
  limit 1
),
rows as (
  select
    count(distinct user_id) as before,
    count(distinct person) as after,
    count(*) filter (where user_id is null and person is not null) as found,
    count(*) filter (where user_id is not null and person <> user_id) as moved,
    count(*) filter (where person is null) as nobody
  from id_rows
),
findings as (
  select 1 as place, 'ids named together with another' as finding, count(*) as count,
    count(*) filter (where known) || ' of them known people' as detail
  from id_keys
  union all
  select 2, 'ids counted as another', count(*),
    'as ' || count(distinct person) || ' people; at most '
      || (select ids || ' ids are one' from largest)
  from id_people
  union all
  select 3, 'ids that are alias and person', count(distinct alias),
    'links of a chain, not known people'
  from id_links
  where alias in (select person from id_links)
  union all
  select 4, 'groups of ids of several known people', shared, 'listed below'
  from (select count(*) as shared from (
    select root_key from id_claimants group by root_key having count(*) > 1
  ))
  union all
  select 5, 'rows without a user that have a person now', found, null from rows
  union all
  select 6, 'rows of a user counted as another', moved, null from rows
  union all
  select 7, 'rows without a person', nobody, 'left out of funnels' from rows
  union all
  select 8, 'people by their user ids alone', before, null from rows
  union all
  select 9, 'people with ids joined', after, null from rows
)
select finding, count, detail, case when place = 2 then (select person from largest) end as person
from findings
where count > 0
order by place
