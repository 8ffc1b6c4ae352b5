-- Events with which somebody bought: those of the stage `buy` or `repeat`, each once.
--
-- Rows are taken by the name of their event first, as conditions are few and rows are many.
--
-- returns person_key BIGINT, ts_us BIGINT, revenue DOUBLE, cost DOUBLE
with named as (
  select person_key, event, ts_us, passed, revenue, cost
  from buying
  where event in (
    select tally.event
    from tally
    join purchase_steps on purchase_steps.event in (tally.event, '*')
  )
    and person_key is not null
),
fitting as (
  select person_key, ts_us, revenue, cost
  from named
  where exists (
    select 1
    from purchase_steps
    where purchase_steps.event in (named.event, '*')
      and named.passed & purchase_steps.needs = purchase_steps.needs
  )
)
select
  fitting.person_key,
  fitting.ts_us,
  if(abs(fitting.revenue) < cast('1e18' as double), fitting.revenue, null) as revenue,
  if(abs(fitting.cost) < cast('1e18' as double), fitting.cost, null) as cost
from fitting
