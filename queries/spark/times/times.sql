-- Times to each stage from the second on: first those from the stage before, then those from the
-- entry; `users` are the people who took them. Seconds; p90 is interpolated linearly.
--
-- For Spark: quantile_cont is called percentile (percentile_cont of Sail rounds to a millionth).
--
-- returns time_from VARCHAR, position INTEGER, stage VARCHAR, users BIGINT, mean_seconds DOUBLE, median_seconds DOUBLE, p90_seconds DOUBLE
select
  kinds.time_from,
  stages.position,
  stages.stage,
  count(spans.span_us) as users,
  sum(spans.span_us) / nullif(count(spans.span_us), 0) / 1e6 as mean_seconds,
  median(spans.span_us) / 1e6 as median_seconds,
  percentile(spans.span_us, 0.9) / 1e6 as p90_seconds
from (values ('previous'), ('entry')) as kinds(time_from)
join stages on stages.position > 1
left join spans on spans.time_from = kinds.time_from and spans.position = stages.position
group by kinds.time_from, stages.position, stages.stage
order by kinds.time_from desc, stages.position
