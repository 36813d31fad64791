"""Limits: how much of a returned file, of a zip and of a worker's time and memory the reader will take."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

KILOBYTE = 1_000
MEGABYTE = 1_000_000
GIGABYTE = 1_000_000_000


class Limits(BaseModel):
    """What one returned file may cost. A file past a limit is set aside, never read in part.

    The defaults let every file through that a real program was seen to save (a 17 kB form came back
    as 24 MB with a Chinese font in it). Settings may raise them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    file_bytes: PositiveInt = 50 * MEGABYTE
    """Bytes of one file."""
    inflated_bytes: PositiveInt = 200 * MEGABYTE
    """Bytes that one compressed stream of a file may grow to."""
    value_bytes: PositiveInt = MEGABYTE
    """Bytes of one answer."""
    fields: PositiveInt = 5_000
    """Fields in one file."""
    depth: PositiveInt = 32
    """Levels of fields below fields, and of pages below pages."""
    pages: PositiveInt = 500
    """Pages in one file."""
    printed_pages: PositiveInt = 40
    """Pages in a file without fields, whose print is looked at."""
    drawing_bytes: PositiveInt = 20 * MEGABYTE
    """Bytes that the drawings of all pages of a file without fields may inflate to, pictures left out."""
    claim_bytes: PositiveInt = 64 * KILOBYTE
    """Bytes of what a file says of itself."""
    claim_depth: PositiveInt = 4
    """Levels of brackets in what a file says of itself."""
    zip_members: PositiveInt = 5_000
    """Members of one zip."""
    zip_inflated_bytes: PositiveInt = 2 * GIGABYTE
    """Bytes of all members of one zip, with the zips inside it."""
    zip_ratio: PositiveInt = 200
    """How many times larger a member may be than its place in the zip."""
    zip_levels: PositiveInt = 2
    """Zips inside zips: 2 allows a zip in a zip."""
    mail_bytes: PositiveInt = 100 * MEGABYTE
    """Bytes of one message, its attachments as they are encoded."""
    mail_parts: PositiveInt = 1_000
    """Parts of one message."""
    mail_headers: PositiveInt = 1_000
    """Headers of one message, and of each of its parts."""
    mail_depth: PositiveInt = 20
    """Levels of parts in parts, and of messages in messages."""
    seconds: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)] = 10.0
    """Seconds that a worker may spend on one file."""
    picture_seconds: float = 10.0
    """Seconds that a worker may spend on a file of scanned or photographed pages."""
    picture_page_seconds: float = 3.0
    """Seconds more for each of these pages."""
    picture_bytes: PositiveInt = 2 * GIGABYTE
    """Address space of a worker that looks at pictures: half of it is libraries."""
    worker_bytes: PositiveInt = 512 * MEGABYTE
    """Address space of a worker, where the system can hold it to that (Linux)."""
