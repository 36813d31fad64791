"""A project of one scheme, written as a user would: small, and with every part that a handbook shows."""

from __future__ import annotations

import datetime
from pathlib import Path

from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.form_pdf.finish import FormPdf, make_form_pdf
from schemebook.scheme.project import Project, load_project

TODAY = datetime.date(2026, 11, 24)

SCHEME = """
scheme: lighthouse
name: Lighthouse mentoring
run-by: Lighthouse Society
branding: {colour: "#1E6B52"}
contact: {name: The keepers, email: keepers@example.org, telephone: "+44 (0)1632 960001"}
returns: {email: keepers@example.org}
front:
  headline: Light for the next mile
  lede: "Members meet a **volunteer** for up to {{ rules.duration.at_most }}."
  eligible: [You are a member., You can give the time.]
  not-for: Not for <general> advice.
  asks:
    - {figure: 1 hour, words: a month.}
  next: [Read the path., "Send the form to {{ contact.email }}."]
  start-form: application
  start-words: Open the form
  rule: waiting
roles:
  mentee:
    title: Mentee
    plural: mentees
    what: Drives the pairing.
    prerequisites: [You are a member.]
    responsibilities: [Set goals., Keep in touch.]
    source: section 3
  mentor: {title: Mentor, plural: mentors, what: Asks and listens., not-for: [Free consultancy.]}
  keeper: {title: Keeper, plural: keepers, office: yes, what: Finds pairs.}
pair: [mentee, mentor]
stages:
  - id: apply
    title: Apply
    who: mentee
    when: on day 1
    what: Send the form and a CV.
    short: One form, by e-mail.
    forms: [application]
    send-together: {forms: [application], enclosures: [an up-to-date CV]}
  - id: match
    title: Match
    who: keeper
    when: soon
    what: The keepers look for a mentor.
    forks:
      - {if: no mentor is free, then: you join the waiting list.}
  - id: meet
    title: Meet
    who: both
    when: each month
    what: Meet for an hour.
    duties: {mentee: Bring a question., mentor: Listen.}
    forms: [feedback]
  - {id: end, title: End, who: both, when: by month 6, what: Look back.}
process:
  states:
    applied: {title: Applied, kind: start}
    waiting: {title: Waiting list, kind: waiting}
    matched: {title: Matched, kind: pair}
    done: {title: Done, kind: end}
  transitions:
    - {from: applied, to: matched, when: a mentor is found, label: found}
    - {from: applied, to: waiting, when: no mentor is free, label: none free, exception: yes}
    - {from: waiting, to: matched, when: a place opens}
    - {from: matched, to: done, when: six months have passed}
rules:
  duration: {what: the mentoring, at-most: 6 months, source: section 1}
  due:
    - {id: application, form: application, from: mentee, stage: apply, source: section 3}
    - {id: feedback, form: feedback, from: [mentee, mentor], stage: meet, each: month, times: 6, source: ours}
  retention:
    - record: Applications
      forms: application
      keep: 12 months
      after: the end
      reason: questions can still come up
      source: ours
  other:
    - {id: waiting, title: Waiting, says: The keepers write when a place opens., source: section 7}
data-protection:
  statement: We use what you write to run the scheme.
  controller: Lighthouse Society
  law: The UK GDPR
  rights: You may ask the keepers for a copy.
chapters:
  - {file: making-it-work.md, title: Making it work}
  - {file: trouble.md, title: When something goes wrong, help: yes}
forms: [application, feedback]
glossary:
  Waiting list: The order in which people hear of a place.
  Keeper: One who looks after the scheme.
editor-notes:
  - {about: One hour, note: Called a maximum and a plan; a maximum here., source: sections 3 and 4}
"""

APPLICATION = """
form: application
title: Application
version: 1
completed-by: mentee
about: Says who applies.
source: Appendix I
sections:
  - title: The applicant
    fields:
      - {id: name, type: text, label: Full name, personal: yes, identifies: person, purpose: to know whose it is}
      - {id: signed, type: signature, label: Signature}
"""

FEEDBACK = """
form: feedback
title: Monthly feedback
version: 1
completed-by: [mentee, mentor]
occasion: {each: month, field: month}
about: Says how it goes.
source: ours
sections:
  - title: This month
    fields:
      - {id: month, type: date, label: Which month?}
      - {id: words, type: long-text, label: How did it go?, most-words: 100}
"""

CHAPTER = """# Making it work

Agree early on {{ form_link("application") }} and {{ page_link("path") }}. It lasts {{ rules.duration.at_most }}.

If no mentor is free you are on the waiting list; the waiting list is kept by keepers.

![The lamp](lamp.svg)
"""

TROUBLE = "Tell {{ contact.name }} early. {{ rule_words('waiting') }}\n"

LAMP = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'


def write_project(root: Path, *, scheme: str = SCHEME, name: str = "lighthouse") -> Project:
    """Write the project to `root` and load it. name: the scheme's id and its folders' name."""
    files = {
        "mkdocs.yml": "site_name: Our handbooks\ntheme: material\nplugins: [schemebook]\n",
        f"scheme-configs/{name}.yml": scheme,
        f"forms/{name}/application.yml": APPLICATION,
        f"forms/{name}/feedback.yml": FEEDBACK,
        f"docs/{name}/making-it-work.md": CHAPTER,
        f"docs/{name}/trouble.md": TROUBLE,
        f"docs/{name}/lamp.svg": LAMP,
    }
    for file, text in files.items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    project = load_project(root)
    assert not project.unfit, [str(one.error) for one in project.unfit]
    return project


class _OneForAll:
    """Lays out one form and gives it for every form: where a test is not about forms, a page shows one all the same."""

    made: FormPdf | None = None

    def __call__(self, project: Project, scheme: str, form: str, edition: str) -> FormPdf:
        if self.made is None:
            self.made = make_form_pdf(project, scheme, form, edition)
        descriptor = FormDescriptor(project.form(scheme, form).meaning(scheme), self.made.descriptor.edition)
        return FormPdf(self.made.pdf, descriptor, draft=False)


one_form_for_all = _OneForAll()
