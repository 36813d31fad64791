"""A mailbox of any size is taken in message by message: memory does not grow with it, and nothing piles up unpacked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.records.club import make_club
from tests.records.large_mailbox import make_mailbox, take_in
from tests.tiers import at_night

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc, which is Linux's")
MORE_MEGABYTES = 15
"""How much more memory a mailbox may take than a small one: the hashes of its files, and what a library keeps."""
SMALL = 20
"""MB: 284 messages. With much fewer the workers have ended before they are first looked at."""
MOST_UNPACKED = 400
"""Files of the batch that is read and of the one that is stored, with copies on their way."""


def takes_no_more_for(megabytes: int, folder: Path) -> None:
    club, other = make_club(folder / "club"), make_club(folder / "other")
    make_mailbox(other, folder / "small.mbox", SMALL)
    small = take_in(other, folder / "small.mbox")
    count = make_mailbox(club, folder / "large.mbox", megabytes)
    large = take_in(club, folder / "large.mbox")
    assert large.recorded == count
    assert large.megabytes - small.megabytes < MORE_MEGABYTES
    assert large.worker_megabytes - small.worker_megabytes < MORE_MEGABYTES
    assert large.most_unpacked < MOST_UNPACKED
    print(f"{megabytes} MB, {count:,} messages: {large}, beside {SMALL} MB: {small}")


@pytest.mark.all_tiers
def test_a_mailbox_of_60_megabytes_takes_no_more_memory_than_one_of_20(tmp_path: Path) -> None:
    takes_no_more_for(60, tmp_path)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_a_mailbox_of_a_gigabyte_takes_no_more_memory_than_one_of_20(tmp_path: Path) -> None:
    takes_no_more_for(at_night(1_000, 60), tmp_path)
