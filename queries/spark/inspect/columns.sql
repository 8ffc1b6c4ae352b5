-- Each column of `events`: how many values it has, how many different ones, and one of them.
--
-- Columns without any value have no example and are left out.
--
-- For Spark: the columns of a row are told apart by way of JSON, which leaves nulls out.
--
-- returns column VARCHAR, filled BIGINT, distinct BIGINT, example VARCHAR
with rows_of_cells as (
  select from_json(to_json(struct(*)), 'map<string,string>') as cells
  from events
),
names as (
  select cells, explode(map_keys(cells)) as name
  from rows_of_cells
),
cells as (
  select name, nullif(cells[name], '') as value
  from names
)
select
  name as `column`,
  count(value) as filled,
  count(distinct value) as `distinct`,
  min(value) as example
from cells
where value is not null
group by name
order by name
