"""Put the programs that the tests drive onto this machine, or say which tests are left out and why.

    python tests/set_up.py small    what `make test` uses: small Debian packages, npm packages where Node is
    python tests/set_up.py all      what `make test-all` uses as well: browser, Java, veraPDF
    python tests/set_up.py viewers  what `make viewers` drives: browsers, poppler through GLib, Java and Go libraries,
                                    Python packages in an environment of their own
    python tests/set_up.py peers    only that environment, for benchmarks/side_by_side.py

Small Debian packages are installed when we are root or sudo asks for no password; the big ones only with CI=true
or APT=1. Nothing here fails for a program that cannot be had: its tests skip, and say so.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

TESTS = Path(__file__).parent
SEARCHED = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
"""Where programs are looked for: Debian puts servers where only root looks."""
NODE_MODULES = TESTS / "node_modules"
VERAPDF = Path(sys.prefix) / "verapdf"
TYPELIBS = f"/usr/lib/{platform.machine()}-linux-gnu/girepository-1.0"
PDF_FILLERS = Path(sys.prefix) / "pdf-fillers"
PEERS = Path(sys.prefix) / "peers"
PDFCPU = Path(sys.prefix) / "pdfcpu"
PDFCPU_SOURCE = "github.com/pdfcpu/pdfcpu/cmd/pdfcpu@v0.15.0"
FUZZER = TESTS / "failures" / "atheris.txt"
VERSITYGW = Path(sys.prefix) / "versitygw"
VERSITYGW_SOURCE = "github.com/versity/versitygw/cmd/versitygw@v1.0.11"


@dataclass(frozen=True)
class Program:
    """A program, the Debian package that has it, and the tests that cannot run without it.

    name: of a command, or the path of a file that only that package has.
    """

    name: str
    package: str
    tests: str

    @property
    def is_here(self) -> bool:
        """Whether this machine has it."""
        return Path(self.name).exists() if "/" in self.name else bool(shutil.which(self.name, path=SEARCHED))


SMALL = (
    Program("qpdf", "qpdf", "each PDF passes qpdf --check"),
    Program("pdftotext", "poppler-utils", "text and pictures of pages, read by poppler"),
    Program("pdftk", "pdftk-java", "forms filled by pdftk"),
    Program("git", "git", "answers that git tracks are told"),
)
BIG = (
    Program("mutool", "mupdf-tools", "forms flattened and filled by MuPDF"),
    Program("gs", "ghostscript", "forms flattened by Ghostscript"),
    Program("cc", "gcc", "a disk that fails at its n-th write"),
    Program("/usr/include/stdio.h", "libc6-dev", "a disk that fails at its n-th write"),
    Program("chromium", "chromium", "pages in a real browser"),
    Program("java", "default-jre-headless", "PDF/UA-1 by veraPDF"),
    Program("mvn", "maven", "PDF/UA-1 by veraPDF"),
    Program("node", "nodejs", "forms filled by pdf-lib, pages in a real browser"),
    Program("dovecot", "dovecot-imapd", "returns taken in from a mailbox on a server"),
    Program("npm", "npm", "forms filled by pdf-lib, pages in a real browser"),
    Program("pg_ctlcluster", "postgresql", "a store in PostgreSQL"),
)

BIG_FOR_VIEWERS = tuple(one for one in BIG if one.name in ("chromium", "java", "mutool", "mvn", "node", "npm"))
VIEWERS = (
    Program("firefox-esr", "firefox-esr", "forms filled in Firefox"),
    Program("javac", "default-jdk-headless", "forms filled by PDFBox, OpenPDF and iText"),
    Program(f"{TYPELIBS}/Poppler-0.18.typelib", "gir1.2-poppler-0.18", "forms filled by poppler through GLib"),
    Program("/usr/lib/python3/dist-packages/gi/__init__.py", "python3-gi", "forms filled by poppler through GLib"),
)


def say(line: str) -> None:
    """Tell the person who started the tests."""
    print(line, flush=True)


def as_root() -> list[str] | None:
    """How to run a command as root without asking: an empty prefix, sudo, or None."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    allowed = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    return ["sudo", "-n"] if allowed else None


def install(packages: list[str]) -> str | None:
    """Install Debian packages. Returns why it could not be done, or None."""
    prefix = as_root()
    if not shutil.which("apt-get"):
        return "this system has no apt-get"
    if prefix is None:
        return "neither root nor sudo without a password"
    say(f"Installing {', '.join(packages)} ...")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    for words in (["update"], ["install", "--no-install-recommends", "--yes", *packages]):
        done = subprocess.run([*apt, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["nothing said"]
            return f"apt-get {words[0]} failed ({said[-1]})"
    return None


def have_programs(programs: tuple[Program, ...], may_install: bool, why_not: str) -> None:
    """Install what is missing, or say what its absence leaves out."""
    missing = [program for program in programs if not program.is_here]
    if not missing:
        return
    reason = install(sorted({program.package for program in missing})) if may_install else why_not
    for program in missing:
        if reason and not program.is_here:
            say(f"Left out: {program.tests}. {program.name} is not here (Debian: {program.package}); {reason}.")


def is_current(stamp: Path, source: Path) -> bool:
    """Whether the stamp was made from this content of the source."""
    return stamp.is_file() and stamp.read_text() == sha256(source.read_bytes()).hexdigest()


def have_node_packages() -> None:
    """The npm packages of tests/package-lock.json, where Node is."""
    lock, stamp = TESTS / "package-lock.json", NODE_MODULES / ".made-from"
    if is_current(stamp, lock):
        return
    if not (shutil.which("node") and shutil.which("npm")):
        say("Left out: forms filled by pdf-lib and read by pdf.js. Node and npm are not here.")
        return
    say("Installing the npm packages of the tests ...")
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        say(f"Left out: forms filled by pdf-lib and read by pdf.js. npm ci failed: {done.stderr.strip()}")
    else:
        stamp.write_text(sha256(lock.read_bytes()).hexdigest())


def have_jars(name: str, pom: Path, folder: Path, tests: str) -> None:
    """The jars that a pom.xml names, from Maven Central."""
    stamp = folder / ".made-from"
    if is_current(stamp, pom):
        return
    if not (shutil.which("java") and shutil.which("mvn")):
        say(f"Left out: {tests}. Java and Maven are not here.")
        return
    say(f"Fetching {name} ...")
    shutil.rmtree(folder, ignore_errors=True)
    command = ["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", "-DincludeScope=runtime"]
    command.append(f"-DoutputDirectory={folder.absolute()}")
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        say(f"Left out: {tests}. Maven failed: {done.stdout.strip()[-500:]}")
    else:
        stamp.write_text(sha256(pom.read_bytes()).hexdigest())


def have_peers() -> None:
    """Python packages of others, in an environment of their own: some pin other versions than ours."""
    lock, stamp, tests = (
        TESTS / "peers" / "requirements.txt",
        PEERS / ".made-from",
        "forms filled by PyPDFForm and others",
    )
    if is_current(stamp, lock):
        return
    say("Installing Python packages of others for the tests ...")
    pip = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    making = (
        [sys.executable, "-m", "venv", "--clear", str(PEERS)],
        [*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)],
    )
    for command in making:
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            say(f"Left out: {tests}. {Path(command[2]).name} failed: {done.stderr.strip()[-500:]}")
            return
    stamp.write_text(sha256(lock.read_bytes()).hexdigest())


def have_go_command(source: str, folder: Path, tests: str) -> None:
    """A command built from its Go module. The version is pinned; its check sum is not asked for."""
    name = source.partition("@")[0].rpartition("/")[2]
    if (folder / name).is_file():
        return
    if not shutil.which("go"):
        say(f"Left out: {tests}. Go is not here.")
        return
    say(f"Building {name} for the tests ...")
    settings = {"GOBIN": str(folder), "GOFLAGS": "-mod=mod", "GOSUMDB": "off"}
    command = ["go", "install", source]
    done = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        say(f"Left out: {tests}. go install failed: {done.stderr.strip()[-500:]}")


def have_fuzzer() -> None:
    """The coverage-guided fuzzer, where it has a wheel."""
    stamp = Path(sys.prefix) / ".fuzzer-made-from"
    if is_current(stamp, FUZZER):
        return
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    done = subprocess.run([*command, "--only-binary", ":all:", "-r", FUZZER], capture_output=True, text=True)
    if done.returncode:
        say(f"Left out: fuzzing that is led by branches. atheris cannot be had: {done.stderr.strip()[-300:]}")
    else:
        stamp.write_text(sha256(FUZZER.read_bytes()).hexdigest())


def main(tier: str) -> None:
    """Set the machine up for the tier."""
    if tier == "peers":
        have_peers()
        return
    have_programs(SMALL, True, "")
    big_may = os.environ.get("CI") == "true" or os.environ.get("APT") == "1"
    if tier == "all":
        have_programs(BIG, big_may, "make test-all APT=1 would install it")
    if tier == "viewers":
        have_programs((*BIG_FOR_VIEWERS, *VIEWERS), big_may, "make viewers APT=1 would install it")
    have_node_packages()
    if tier == "all":
        have_fuzzer()
        have_jars("veraPDF", TESTS / "java" / "pom.xml", VERAPDF, "PDF/UA-1 by veraPDF")
        have_go_command(VERSITYGW_SOURCE, VERSITYGW, "returns in object storage")
    if tier == "viewers":
        fillers = TESTS / "java" / "fillers" / "pom.xml"
        have_jars("PDFBox, OpenPDF and iText", fillers, PDF_FILLERS, "forms filled by PDFBox, OpenPDF and iText")
        have_go_command(PDFCPU_SOURCE, PDFCPU, "forms filled by pdfcpu")
        have_peers()


if __name__ == "__main__":
    main(sys.argv[1])
