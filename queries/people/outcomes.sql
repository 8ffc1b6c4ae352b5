-- How far everybody came, and why not further: the first reason that holds.
--
-- Had any event of a stage that comes next been in time, the person would have gone on with it, unless
-- order is strict and something lay between, another value was held, or the attempt was struck. So
-- the others say which way they missed it: too late, inside the minimum gap, at the very instant
-- (with events that are used, or where ties do not count), or before the stage reached.
--
-- param at_once VARCHAR  what to call a next event at the instant of the stage reached
-- returns person_key BIGINT, reached INTEGER, entered_us BIGINT, reason VARCHAR
select
  everybody.person_key,
  coalesce(chosen.reached, 0) as reached,
  chosen.entered_us,
  case
    when chosen.reached is null then if(struck.person_key is null, 'not entered', 'excluded')
    when chosen.reached = (select max(position) from model_stages) then 'completed'
    when chosen.entered_us > (select mature_us from maturity) then 'still open'
    when struck.person_key is not null then 'excluded'
    when next_seen.person_key is null then 'never'
    when next_seen.interrupted then 'interrupted'
    when next_seen.other_value then 'other value'
    when next_seen.too_late then 'too late'
    when next_seen.too_soon then 'too soon'
    when next_seen.at_once then getvariable('at_once')
    when next_seen.used then 'reused'
    else 'before'
  end as reason
from everybody
left join chosen on chosen.person_key = everybody.person_key
left join next_seen on next_seen.person_key = everybody.person_key
left join struck on struck.person_key = everybody.person_key
