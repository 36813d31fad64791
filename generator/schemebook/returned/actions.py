"""An object of a PDF in; whether it starts something by itself out: a script, a program, a form that is sent away.

Nothing is ever run or opened here. A file that holds such a thing is told, since a person may open it in a program
that runs it. Links and jumps within the file start nothing.
"""

from __future__ import annotations

import pikepdf

from schemebook.returned.stored_values import entry, is_array, is_dictionary, is_name

_A, _AA, _S, _NEXT = (pikepdf.Name(key) for key in ("/A", "/AA", "/S", "/Next"))
_NAMES, _JAVASCRIPT, _OPEN_ACTION = (pikepdf.Name(key) for key in ("/Names", "/JavaScript", "/OpenAction"))
_HARMLESS = {b"/GoTo", b"/URI", b"/Named", b"/Hide", b"/ResetForm", b"/Thread", b"/SetOCGState", b"/Trans"}
"""ISO 32000-2, table 201. All others start a script, a program, a player, or send or fetch a file."""
_PLAYERS = {b"/RichMedia", b"/Movie", b"/Screen", b"/Sound", b"/3D"}
_MOST_STEPS = 64


def has_action(node: pikepdf.Object) -> bool:
    """Whether a field or an annotation starts something. Two questions for most objects: it is asked of every one."""
    return (_A in node and _starts(node.get(_A))) or (_AA in node and _any_starts(node.get(_AA)))


def plays(subtype: bytes) -> bool:
    """Whether an annotation of this subtype plays something."""
    return subtype in _PLAYERS


def catalogue_starts(root: pikepdf.Object) -> bool:
    """Whether a file starts something as it is opened: /OpenAction, /AA, or scripts by name."""
    names = entry(root, _NAMES)
    by_name = is_dictionary(names) and _JAVASCRIPT in names
    return by_name or _starts(entry(root, _OPEN_ACTION)) or _any_starts(entry(root, _AA))


def _any_starts(actions: object) -> bool:
    """Whether one of the actions in an /AA does, whatever event it waits for."""
    return is_dictionary(actions) and any(_starts(one) for _, one in list(actions.items())[:_MOST_STEPS])


def _starts(action: object) -> bool:
    """Whether an action, or one behind it, starts something. A chain too long to follow does."""
    waiting, steps = [action], 0
    while waiting:
        one = waiting.pop()
        steps += 1
        if steps > _MOST_STEPS:
            return True
        if not is_dictionary(one):
            continue
        kind = entry(one, _S)
        if is_name(kind) and bytes(kind) not in _HARMLESS:
            return True
        after = entry(one, _NEXT)
        waiting += list(after)[:_MOST_STEPS] if is_array(after) else [after]
    return False
