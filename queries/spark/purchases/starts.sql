-- The instants that begin a purchase: the first of each row of near instants, and from there
-- always the first one that is far enough from the purchase before it, as long as that is in the
-- same row: the first of the next one is there already.
--
-- For Spark: there is no recursion everywhere; the row of a person is gone through in one pass.
--
-- returns person_key BIGINT, ts_us BIGINT
select
  person_key,
  explode(aggregate(
    sort_array(collect_list(struct(ts_us, next_us))),
    named_struct('begun', cast(array() as array<bigint>), 'next_us', cast(0 as bigint)),
    (so_far, later) -> if(
      size(so_far.begun) = 0 or later.ts_us >= so_far.next_us,
      named_struct('begun', concat(so_far.begun, array(later.ts_us)), 'next_us', later.next_us),
      so_far
    ),
    so_far -> so_far.begun
  )) as ts_us
from instants
group by person_key, row_us
