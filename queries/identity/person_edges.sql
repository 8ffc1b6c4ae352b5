-- Links between groups and the known people they are linked to, in both directions.
--
-- returns a INTEGER, b INTEGER
select root_key as a, person_key as b from id_claimants
union all
select person_key as a, root_key as b from id_claimants
