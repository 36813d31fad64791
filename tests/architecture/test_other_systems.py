"""What Windows and macOS lack is not needed: a partial test, on this system with that hidden. It is no Windows.

The libraries are loaded first, as they are here; then what the other system lacks is taken away, and every module of
ours is loaded anew.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.architecture.test_imports import PACKAGE
from tests.records.club import make_club, put_in
from tests.records.runs import kept, returned

WITHOUT = """
import importlib, multiprocessing.context, multiprocessing.heap, multiprocessing.spawn, os, signal, sys
multiprocessing.heap.Arena._dir_candidates = []  # the library shares memory in another way there, without statvfs
names = {names!r}
for name in names:
    importlib.import_module(name)
for name in [one for one in sys.modules if one.partition(".")[0] == "schemebook"]:
    del sys.modules[name]

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name in {hidden!r}:
            raise ModuleNotFoundError(f"{{name}} is not on {system}", name=name)

for name in {hidden!r}:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Hidden())
for owner, taken in {taken!r}.items():
    for name in taken:
        if hasattr(sys.modules[owner], name):
            delattr(sys.modules[owner], name)
sys.platform = {system!r}
for name in names:
    importlib.import_module(name)
"""
# docs.python.org/3/library: "Availability" of each
HIDDEN = {
    "win32": ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "readline", "posix"),
    "darwin": (),
}
NO_SCHEDULING = ("sched_getaffinity", "sched_setaffinity", "posix_fadvise", "copy_file_range", "memfd_create")
NO_PROCESSES = ("fork", "forkpty", "geteuid", "getuid", "getpgid", "killpg", "setsid", "wait3", "wait4", "chown")
NO_FILES = ("mkfifo", "statvfs", "pread", "pwrite", "sendfile", "sync", "fdatasync", "fchmod", "major", "minor")
TAKEN = {
    "win32": {
        "os": (*NO_SCHEDULING, *NO_PROCESSES, *NO_FILES, "O_NOFOLLOW", "O_CLOEXEC", "O_DIRECTORY"),
        "signal": ("SIGALRM", "SIGHUP", "SIGCHLD", "SIGUSR1", "alarm", "setitimer", "pthread_sigmask"),
        "multiprocessing.context": ("ForkContext", "ForkServerContext", "ForkProcess", "ForkServerProcess"),
    },
    "darwin": {"os": (*NO_SCHEDULING, "fdatasync")},
}


def without(system: str) -> str:
    modules = sorted(path.relative_to(PACKAGE.parent).with_suffix("") for path in PACKAGE.rglob("*.py"))
    names = [".".join(path.parts) for path in modules if path.name != "__init__"]
    return WITHOUT.format(names=names, hidden=HIDDEN[system], taken=TAKEN[system], system=system)


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_every_module_loads_without_what_another_system_lacks_and_a_return_is_taken_in(
    system: str, tmp_path: Path
) -> None:
    club = make_club(tmp_path / "club")
    inbox = [put_in(tmp_path / "inbox", f"{number}.pdf", returned(club, number)) for number in range(3)]
    code = without(system) + (
        "from pathlib import Path\n"
        "from schemebook.records.intake.ingest import ingest_paths\n"
        "told = [one.outcome for one in ingest_paths([Path(sys.argv[2])], root=Path(sys.argv[1]))]\n"
        "assert told == ['recorded'] * 3, told\n"
    )
    done = subprocess.run([sys.executable, "-c", code, club.root, inbox[0].parent], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(kept(club)) == 3
