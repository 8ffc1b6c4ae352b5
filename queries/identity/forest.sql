-- One round of union-find: the parent of each id goes below the smallest grandparent among the id's
-- neighbours, and paths are halved. Rounds grow as the logarithm of the longest chain.
--
-- After Zhang, Azad and Buluc, FastSV: a distributed-memory connected component algorithm (2020),
-- of which the hooking of trees and the shortcutting suffice here.
--
-- returns node INTEGER, parent INTEGER, moved BOOLEAN
with stepped as (
  select below.node, below.parent, above.parent as grandparent
  from id_forest as below
  join id_forest as above on above.node = below.parent
),
heard as (
  select id_edges.a as node, min(stepped.grandparent) as grandparent
  from id_edges
  join stepped on stepped.node = id_edges.b
  group by id_edges.a
),
offers as (
  select stepped.parent as node, heard.grandparent as parent, null as before
  from heard
  join stepped on stepped.node = heard.node
  union all
  select node, grandparent, parent from stepped
)
select node, min(parent) as parent, min(parent) <> max(before) as moved
from offers
group by node
