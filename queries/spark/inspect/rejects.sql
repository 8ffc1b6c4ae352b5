-- Why rows are no events: how many for each reason.
--
-- For Spark: no row is kept, so that neither its place nor its text is known.
--
-- returns reason VARCHAR, rows BIGINT, file VARCHAR, line BIGINT, example VARCHAR
select
  case when ts is null then 'no instant' else 'no event name' end as reason,
  count(*) as rows,
  cast(null as string) as file,
  cast(null as bigint) as line,
  cast(null as string) as example
from hourglass_rows
where not hourglass_good
group by case when ts is null then 'no instant' else 'no event name' end
order by rows desc, reason
