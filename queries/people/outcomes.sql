-- How far everybody came, and why not further: the first reason that holds.
--
-- Had any event of the next stage been in time, the person would have gone on with it, unless order
-- is strict and something lay between. So the latest one says which way they missed: it came before
-- the stage reached, inside the minimum gap, at the very instant (with events that are used, or
-- where ties do not count), or too late.
--
-- param at_once VARCHAR  what to call a next event at the instant of the stage reached
-- returns person_key INTEGER, reached INTEGER, entered_us BIGINT, reason VARCHAR
select
  people.person_key,
  coalesce(chosen.reached, 0) as reached,
  chosen.entered_us,
  case
    when chosen.reached is null then 'not entered'
    when gaps.min_gap_us is null then 'completed'
    when chosen.entered_us > (select mature_us from maturity) then 'still open'
    when next_seen.last_us is null then 'never'
    when next_seen.interrupted then 'interrupted'
    when next_seen.last_us < chosen.completed_us then 'before'
    when next_seen.last_us - chosen.completed_us < gaps.min_gap_us then 'too soon'
    when next_seen.last_us = chosen.completed_us then getvariable('at_once')
    else 'too late'
  end as reason
from people
left join chosen on chosen.person_key = people.person_key
left join gaps on gaps.position = chosen.reached + 1
left join next_seen on next_seen.person_key = people.person_key
