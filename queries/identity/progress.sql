-- A number that falls with every round of union-find, until nothing is left to join.
--
-- returns left_to_go BIGINT
select cast(coalesce(sum(parent), 0) as bigint) as left_to_go from id_forest
