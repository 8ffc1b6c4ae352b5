-- The person that an id is counted as; no row if it is nobody's alias.
--
-- param id VARCHAR  the id
-- returns person VARCHAR
select person from id_people where alias = getvariable('id')
