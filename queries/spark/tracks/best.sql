-- The best of several tracks in the row of a person: deepest, then most stages, earliest completion, latest
-- entry, the earliest next events, and the value that sorts first. In any order: deepest, then the
-- earliest events, that of the opening first.
--
-- For Spark: lists are put in order otherwise, and QUALIFY is not understood everywhere.
--
-- param any_order BOOLEAN  whether stages are taken in any order
-- returns track_key BIGINT, person_key BIGINT, first_position INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
with times as (
  select
    person_key,
    transform(sort_array(collect_list(struct(position, ts_us))), one -> one.ts_us) as instants
  from journeys
  where person_key in (select track_key from rivals)
  group by person_key
),
placed as (
  select
    chosen.person_key as track_key,
    rivals.row_key as person_key,
    chosen.first_position, chosen.reached, chosen.entered_us, chosen.completed_us,
    row_number() over (
      partition by rivals.row_key
      order by chosen.reached desc, chosen.first_position,
        if(getvariable('any_order'), null, chosen.completed_us),
        if(getvariable('any_order'), null, chosen.entered_us) desc,
        times.instants, tracks.value
    ) as place
  from chosen
  join rivals on rivals.track_key = chosen.person_key
  join times on times.person_key = chosen.person_key
  join tracks on tracks.track_key = chosen.person_key
)
select track_key, person_key, first_position, reached, entered_us, completed_us
from placed
where place = 1
