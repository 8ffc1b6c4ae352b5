-- Union-find begins: every id that has an edge is alone.
--
-- returns node INTEGER, parent INTEGER, moved BOOLEAN
select distinct a as node, a as parent, true as moved from id_edges
