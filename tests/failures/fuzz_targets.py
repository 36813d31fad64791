"""Everything of ours that takes bytes from elsewhere, by name, for both fuzzers; and what earlier runs found.

The finds lie in finds/<target>/, one file each; what a target's files are made of, in dictionaries/<target>.dict.
"""

from __future__ import annotations

from pathlib import Path

from tests.failures.fuzzed import messages, owners, pdfs, pictures, servers
from tests.failures.fuzzed.target import Target

FINDS = Path(__file__).with_name("finds")
WORDS = Path(__file__).with_name("dictionaries")
TARGETS: dict[str, Target] = {
    "pdf": pdfs.PDF,
    "form-data": pdfs.FORM_DATA,
    "claim": pdfs.CLAIM,
    "picture": pictures.TARGET,
    "mail": messages.MAIL,
    "mbox": messages.MBOX,
    "zip": messages.ZIP,
    "imap": servers.TARGET,
    **owners.TARGETS,
}


def finds(name: str) -> list[Path]:
    """What earlier runs found."""
    return sorted(path for path in (FINDS / name).glob("*") if path.is_file())
