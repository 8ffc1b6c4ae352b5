-- What became of the ids: how many are counted as another, as how many people, how many are shared.
--
-- returns merged BIGINT, people BIGINT, shared BIGINT, links BIGINT
select
  (select count(*) from id_people) as merged,
  (select count(distinct person) from id_people) as people,
  (select count(*) from (
    select root_key from id_claimants group by root_key having count(*) > 1
  )) as shared,
  (select count(*) from id_links) as links
