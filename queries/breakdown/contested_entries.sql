-- The events at the entry of each chosen attempt without those that it cannot have begun with, where one
-- event fills one stage: without such an event there are enough left for the further stages that
-- the attempt took at this instant.
--
-- By Hall's condition an event may be missing wherever there are more than the stages that claim
-- them: a claim of several stages, or that of one stage alone.
--
-- returns person_key BIGINT, by_values VARCHAR[], stages BIGINT, enters BOOLEAN
with bits as (
  select distinct position, bit
  from matches
),
further as (
  select journeys.person_key, journeys.position, bits.bit
  from journeys
  join chosen
    on chosen.person_key = journeys.person_key
    and chosen.entered_us = journeys.ts_us
    and chosen.first_position < journeys.position
  join bits on bits.position = journeys.position
),
crowds as (
  select person_key, cast(sum(bit) as bigint) as stages
  from further
  group by person_key
),
scarce as (
  -- kinds of events of which none is left over
  select supply.person_key, claims.stages
  from (
    select entry_events.person_key, claims.claim
    from entry_events
    join claims on claims.stages = entry_events.stages
    join crowds on crowds.person_key = entry_events.person_key
    group by entry_events.person_key, claims.claim, claims.claiming, crowds.stages
    having count(*) <= bit_count(claims.claiming & crowds.stages)
  ) as supply
  join claims on claims.claim = supply.claim
  union
  select further.person_key, max(entry_events.stages) as stages
  from further
  join entry_events
    on entry_events.person_key = further.person_key
    and entry_events.stages & further.bit > 0
  group by further.person_key, further.position
  having count(*) = 1
)
select entry_events.person_key, entry_events.by_values, entry_events.stages, entry_events.enters
from entry_events
left join scarce
  on scarce.person_key = entry_events.person_key
  and scarce.stages = entry_events.stages
where scarce.stages is null
