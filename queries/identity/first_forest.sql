-- Union-find begins: every id that has an edge is alone.
--
-- returns node INTEGER, parent INTEGER
select distinct a as node, a as parent from id_edges
