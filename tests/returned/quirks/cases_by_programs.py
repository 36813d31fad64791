"""The small form, filled, as programs write it anew that are not on every machine."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.programs import program, run
from tests.returned.made_pdf import VALUES, make_pdf
from tests.returned.quirks.cases import Quirk
from tests.returned.quirks.merged_files import pdfbox

Command = list[str | Path]


def _by(command: Callable[[Path, Path], Command]) -> Callable[[], bytes]:
    """What a command makes of the form. command: the file to read and the file to write, to its words."""

    def made() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            given, out = Path(folder) / "given.pdf", Path(folder) / "out.pdf"
            given.write_bytes(make_pdf(VALUES))
            done = run(command(given, out))
            assert out.is_file(), done.stderr.decode("utf-8", "replace")[-2000:]
            return out.read_bytes()

    return made


def _qpdf_locks(given: Path, out: Path) -> Command:
    return [program("qpdf"), "--encrypt", "", "secret", "256", "--modify=none", "--", given, out]


BY_PROGRAMS = [
    Quirk("locked-by-qpdf", "office gateways", "encrypted so that nothing may be changed", _by(_qpdf_locks),
          "documenso/documenso#3303", by="qpdf"),
    Quirk("plain-by-qpdf", "tools of developers", "rewritten to be read in an editor",
          _by(lambda given, out: [program("qpdf"), "--qdf", given, out]), "seen", by="qpdf"),
    Quirk("locked-by-pdftk", "office gateways", "encrypted with an owner password, AES of 128 bits",
          _by(lambda given, out: [program("pdftk"), given, "output", out, "owner_pw", "secret"]), "seen", by="pdftk"),
    Quirk("unpacked-by-pdftk", "tools of developers", "streams unpacked, NeedAppearances set",
          _by(lambda given, out: [program("pdftk"), given, "output", out, "uncompress", "need_appearances"]), "seen",
          by="pdftk"),
    Quirk("cleaned-by-mutool", "tools that make files smaller", "objects renumbered, twins made one, streams packed",
          _by(lambda given, out: [program("mutool"), "clean", "-gggg", "-z", given, out]), "seen", by="mutool"),
    Quirk("saved-by-pdfbox", "Java services", "rewritten whole", _by(lambda given, out: pdfbox("save", out, given)),
          "seen", by="pdfbox"),
    Quirk("update-by-pdfbox", "Java services", "an update behind the file that names a title",
          _by(lambda given, out: pdfbox("update", out, given)), "seen", by="pdfbox"),
    Quirk("locked-by-pdfbox", "Java services", "encrypted with an owner password, AES of 256 bits",
          _by(lambda given, out: pdfbox("protect", out, given)), "documenso/documenso#3303", by="pdfbox"),
]  # fmt: skip
