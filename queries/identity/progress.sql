-- How many ids have another parent since the last round of union-find: none once all are joined.
--
-- returns moved BIGINT
select count(*) as moved from id_forest where moved
