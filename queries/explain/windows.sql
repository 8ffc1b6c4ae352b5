-- How many stages each opening leads to, when the last of them came, and when and by which event the
-- window is struck, if it is. Every exclusion spans the whole model.
--
-- param most INTEGER      how many openings, the earliest
-- param window_us BIGINT  longest time from the opening
-- returns entered_us BIGINT, reached INTEGER, completed_us BIGINT, struck_us BIGINT, event VARCHAR
with windows as (
  select
    opened_us, opened_us + 1 as first_us, cast(count(*) as integer) as reached,
    max(ts_us) as completed_us
  from found
  group by opened_us
),
strikers as (
  select epoch_us(ts) as ts_us, min(event) as event
  from numbered
  where excludes
  group by ts
),
struck as (
  select windows.opened_us, striker.ts_us, striker.event
  from windows
  asof join strikers as striker on windows.first_us <= striker.ts_us
  where striker.ts_us < if(
    windows.reached = (select max(position) from model_stages),
    windows.completed_us, windows.opened_us + getvariable('window_us') + 1
  )
)
select
  windows.opened_us as entered_us, windows.reached, windows.completed_us,
  struck.ts_us as struck_us, struck.event
from windows
left join struck on struck.opened_us = windows.opened_us
order by entered_us
limit getvariable('most')
