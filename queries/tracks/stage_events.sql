-- The stage events of tracks, as far as they are stage events of the person: what lies between two
-- of them, which is the first or the n-th, is said by all that the person did.
--
-- param first_entry BOOLEAN  whether only the first entry of the person may start an attempt
-- param since_us BIGINT      first instant of the period
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
with first_entries as (
  select person_key, min(ts_us) as ts_us
  from whole_stage_events
  where position = 1
    and ts_us >= getvariable('since_us')
  group by person_key
)
select tracked.person_key, tracked.ts_us, tracked.position, tracked.run_from, whole.floor_us
from stage_events as tracked
join tracks on tracks.track_key = tracked.person_key
join whole_stage_events as whole
  on whole.person_key = tracks.person_key
  and whole.ts_us = tracked.ts_us
  and whole.position = tracked.position
left join first_entries on first_entries.person_key = tracks.person_key
where not getvariable('first_entry')
  or tracked.position > 1
  or tracked.ts_us = first_entries.ts_us
