"""A scheme's rules and stages in; what is due, from whom and when, as pages tell it, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemebook.scheme.model import Scheme
from schemebook.scheme.rules import DueRule, Names, joined
from schemebook.scheme.words import say


@dataclass(frozen=True)
class DueForms:
    """Forms that are due together: id and title of each, and from whom and what else to know of all of them."""

    forms: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Dues:
    """What is due in one scheme. titles: form id -> title. names: as rules name what they speak of."""

    scheme: Scheme
    titles: Mapping[str, str]
    names: Names

    def listed(self) -> dict[str, list[DueForms]]:
        """When -> what is due then, in order; from the rules, else from the stages.

        Neighbours with the same remarks stand together.
        """
        found: dict[str, list[DueForms]] = {}
        for rule in self.scheme.rules.due:
            if rule.form in self.titles:
                _add(found.setdefault(self.when(rule), []), self._one(rule.form), self._remarks(rule))
        if not found:
            for stage in self.scheme.stages:
                for form in stage.forms:
                    if form in self.titles:
                        _add(found.setdefault(stage.when, []), self._one(form), ())
        return found

    def lines(self, form: str) -> list[str]:
        """When a form is due, and what else its rules say of that: a line for each rule, or for its first stage."""
        rules = [rule for rule in self.scheme.rules.due if rule.form == form]
        if not rules:
            number = self.scheme.stage_of(form)
            return [self.scheme.stages[number].when] if number is not None else []
        return [self._line(self.when(rule), rule.more_in_words(self.names)) for rule in rules]

    def again(self, form: str, stage: str | None = None) -> str:
        """How often a form is asked for that is due again and again, inside a line; empty for others.

        stage: the stage where that is told, whose own rule goes before the others.
        """
        rules = [one for one in self.scheme.rules.due if one.form == form and one.each != "once"]
        rule = next((one for one in rules if one.stage == stage), rules[0] if rules else None)
        return uncapital(self.when(rule)) if rule else ""

    def when(self, rule: DueRule) -> str:
        """'Every month', 'After session 6', or when the rule's stage takes place."""
        if rule.each != "once":
            setting = self.titles.get(rule.after.form, rule.after.form) if rule.after and rule.after.form else ""
            return say(f"handbook.due-{rule.each}{rule.sessions}", first=rule.first, last=rule.last, dates=setting)
        stage = next((one for one in self.scheme.stages if one.id == rule.stage), None)
        return stage.when if stage else ""

    def _line(self, when: str, more: list[str]) -> str:
        return " ".join([f"{when}.", *more] if when and more else [when, *more]).strip()

    def _one(self, form: str) -> tuple[str, str]:
        return form, self.titles[form]

    def _remarks(self, rule: DueRule) -> tuple[str, ...]:
        roles = [self.scheme.roles[role] for role in rule.from_]
        remarks = [joined([role.inside if at else role.title for at, role in enumerate(roles)])]
        remarks += [say("handbook.due-together")] if rule.together else []
        remarks += [say("handbook.due-optional")] if rule.optional else []
        return tuple(remarks)


def _add(found: list[DueForms], form: tuple[str, str], remarks: tuple[str, ...]) -> None:
    if found and found[-1].remarks == remarks:
        found[-1] = DueForms((*found[-1].forms, form), remarks)
    else:
        found.append(DueForms((form,), remarks))


def uncapital(words: str) -> str:
    """Words of ours as they stand inside a line."""
    return words[:1].lower() + words[1:]
