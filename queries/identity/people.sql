-- Every id that is another's alias, and the person it is counted as.
--
-- returns alias VARCHAR, person VARCHAR
select ids.id as alias, people.id as person
from id_groups
join id_keys as ids on ids.id_key = id_groups.id_key
left join id_forest on id_forest.node = id_groups.root_key
join id_keys as people
  on people.id_key = coalesce(id_forest.parent, id_groups.root_key)
where ids.id_key <> people.id_key
order by alias
