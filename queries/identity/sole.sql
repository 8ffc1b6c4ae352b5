-- Groups that one known person alone is linked to, and that person: where there are several,
-- nobody can say whose the group is, and it stays by itself.
--
-- returns node INTEGER, parent INTEGER
select root_key as node, min(person_key) as parent
from id_claimants
group by root_key
having count(*) = 1
