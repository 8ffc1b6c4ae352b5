-- Each id with the smallest one of its group; a known id is alone here.
--
-- returns id_key INTEGER, root_key INTEGER
select id_keys.id_key, coalesce(id_forest.parent, id_keys.id_key) as root_key
from id_keys
left join id_forest on id_forest.node = id_keys.id_key
