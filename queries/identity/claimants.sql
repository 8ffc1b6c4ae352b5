-- The known people that each group of other ids is linked to.
--
-- returns root_key INTEGER, person_key BIGINT
select distinct id_groups.root_key, other.id_key as person_key
from id_links
join id_keys as one on one.id = id_links.alias
join id_keys as other on other.id = id_links.person
join id_groups on id_groups.id_key = one.id_key
where other.known
