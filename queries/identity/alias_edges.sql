-- Links between ids of which neither is known, in both directions.
--
-- returns a INTEGER, b INTEGER
with linked as (
  select one.id_key as a, other.id_key as b
  from id_links
  join id_keys as one on one.id = id_links.alias
  join id_keys as other on other.id = id_links.person
  where not other.known
)
select a, b from linked
union all
select b as a, a as b from linked
