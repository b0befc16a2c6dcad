"""A sample of the proof of packets; ``python -m tests.proofs.native_packets`` sends a million."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

from tests.proofs.native_packets import Proof, packet

PACKETS = 4000


def test_no_packet_stops_the_server_or_makes_it_answer_wrongly(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    print("seed", seed)
    found = asyncio.run(Proof(tmp_path, seed).run(PACKETS))
    assert found["findings"] == []
    # Good and bad must both come often, or nothing is shown.
    assert found["answers"][1] > PACKETS / 40
    assert found["answers"][4] > PACKETS / 40
    assert found["answers"][402] > 0
    assert found["handed over"] >= 0


def test_the_same_seed_makes_the_same_packets() -> None:
    first, second = random.Random(7), random.Random(7)
    assert [packet(first)[:16] for _ in range(50)] == [packet(second)[:16] for _ in range(50)]
