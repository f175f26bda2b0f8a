"""Batches: what was found, each kind in its place."""

from listener.domain.mention import Batch, Reject, Response
from tests.builders import NOW, a_mention, a_tombstone

RESPONSE = Response(source="x", source_id="r1", said_at=NOW, parent_id="1")
REJECT = Reject(place="item 4", reason="it has no id", content="")


def test_a_batch_holds_each_kind_in_its_order_and_leaves_out_nothings() -> None:
    found = (a_mention(2), None, REJECT, a_tombstone(3), RESPONSE, a_mention(1), None)
    assert Batch.of(found) == Batch(
        mentions=(a_mention(2), a_mention(1)),
        responses=(RESPONSE,),
        tombstones=(a_tombstone(3),),
        rejects=(REJECT,),
    )


def test_what_else_a_batch_tells_is_kept() -> None:
    batch = Batch.of(iter(()), cursor={"at": 1}, complete=False, cost_usd=0.5, gap_since=NOW)
    assert batch == Batch(cursor={"at": 1}, complete=False, cost_usd=0.5, gap_since=NOW)
