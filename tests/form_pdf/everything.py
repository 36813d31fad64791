"""A small project whose one form asks everything: each field type, each width, long labels, two parties, conditions."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf

from schemebook.form_pdf.finish import FormPdf, make_form_pdf
from schemebook.scheme.project import Project, load_project

SCHEME = """
scheme: harbour
name: Harbour Mentoring Scheme
short-name: Harbour
editions: [a4, letter, large-print, black-and-white]
run-by: The Harbour Institute
field-font: latin
branding: {colour: "#1E6B52"}
contact: {name: The mentoring office, email: mentoring@harbour.example}
returns: {email: mentoring@harbour.example, post: "4 Quay Street, Lincoln LN2 4QT"}
front: {headline: h, lede: l, eligible: [all], asks: [{figure: 1 hour, words: a month}], next: [apply]}
roles:
  mentee: {title: Mentee, plural: mentees, what: learns}
  mentor: {title: Mentor, plural: mentors, what: helps}
  coordinator: {title: Coordinator, plural: coordinators, office: yes, what: runs it}
pair: [mentee, mentor]
stages:
  - {id: apply, title: Apply, who: mentee, when: any time, what: x, forms: [everything],
     send-together: {forms: [everything], enclosures: [your CV]}}
  - {id: match, title: Match, who: coordinator, when: x, what: x}
  - {id: meet, title: Meet, who: both, when: x, what: x}
data-protection: {statement: We keep what you write for a year., controller: The Harbour Institute}
forms: [everything]
"""

HEAD = """
form: everything
title: A form that asks everything
version: 1
completed-by: [mentee, mentor]
role-field: role
about: Every field type.
"""

EVERYTHING = (
    HEAD
    + """
instructions:
  - For members of every kind. Fill it in on screen or on paper; questions marked (optional) may stay empty.
sections:
  - title: About you
    fields:
      - {id: full-name, type: text, label: Full name, identifies: person, personal: yes}
      - {id: phone, type: phone, label: Telephone, optional: yes}
      - {id: email, type: email, label: E-mail, identifies: person}
      - {id: role, type: one-of, label: "Which role do you have?", options: {mentee: Mentee, mentor: Mentor}}
      - {id: address, type: text, label: Business address, help: Passed to your mentor once you are matched.}
      - id: organisation-kind
        type: one-of
        label: What kind of company do you work for?
        options: {private: Private, public: Public, sole-trader: Sole trader, other: Another}
      - {id: postcode, type: text, label: Postcode, width: third, most-letters: 8}
      - {id: born, type: date, label: Date of birth, width: third, optional: yes}
      - {id: years, type: number, label: Experience, unit: years, width: third}
      - {id: driving, type: yes-no, label: "Do you drive?"}
      - id: county
        type: one-of
        label: County
        options: {a: Bedfordshire, b: Berkshire, c: Bristol, d: Dorset, e: Essex, f: Cheshire, g: Cornwall, h: Cumbria}
  - title: Your membership and your mentor
    fields:
      - id: level
        type: one-of
        width: half
        label: Which level are you aiming for?
        options: {full: Full member, dual: "Dual: Full member and Chartered Environmentalist"}
      - {id: when, type: text, width: half, label: "When do you want to apply by?", help: Month and year.}
      - {id: not-mentor, type: text, label: Anyone you would rather not have as your mentor?, optional: yes}
      - {id: biography, type: long-text, label: Your key areas of expertise, most-words: 200, help: For your mentor.}
      - {id: side, type: long-text, label: A second thought, most-words: 60, width: half}
      - {id: other-side, type: long-text, label: And a third, most-words: 60, least-words: 5, width: half}
  - title: What you would like help with
    intro: Choose what matters now. You can change it later with your mentor.
    fields:
      - id: topics
        type: several-of
        label: Topics
        at-most: 5
        options: {career: Planning a career, write: Academic writing, grants: Applying for grants, teach: Teaching,
                  lead: Leading a team, balance: Work and life balance, net: Building a network, data: Data}
      - {id: meet, type: several-of, label: "How can you meet?", options: {person: In person, video: By video}}
      - {id: other-topic, type: text, label: "Which career step?", only-if: {field: topics, is: career}}
      - id: ready
        type: checklist
        label: Before you send this
        optional: yes
        options: {cv: I have put in an up-to-date CV, undertaking: "I have signed the undertaking of confidentiality, \
and my manager knows that I have and what that means for both of us at work", gap: I have filled in the table}
  - title: Your profile
    only-if: {field: role, is: mentor}
    fields:
      - {id: strengths, type: long-text, label: "What could you offer a mentee?", most-words: 40}
  - title: Where you are now
    fields:
      - id: gap
        type: table
        label: Gap analysis
        numbered: yes
        row-head: Competency
        columns:
          competent: {label: "Competent?", type: one-of, options: {able: "Yes", not-yet: Not yet}, width: 27}
          next: {label: Next steps, type: long-text, width: 62, optional: yes, most-words: 30}
        rows:
          trends: {label: "Explain what global trends mean for the environment, society and organisations",
                   criteria: [Mega-trends and the need to change, "limits, equality and capital", unintended effects,
                              "skills that overcome obstacles, and review that keeps progress going"]}
          business: {label: Explain sustainable business models, criteria: [Behaviours and models]}
          policy: Evaluate policy and legislation in your field
          tools: Identify tools and techniques
          innovation: Understand the role of innovation
          people: Lead people through a change
      - id: skills
        type: table
        label: Skills
        row-head: Skill
        columns:
          now: {label: Now, type: one-of, options: {one: "1", two: "2", three: "3", four: "4"}}
          done: {label: "Trained?", type: tick}
          fine: {label: "Fine?", type: yes-no}
          due: {label: By when, type: date, optional: yes}
          hours: {label: Hours, type: number, optional: yes}
        rows: {listening: Listening, feedback: Giving feedback}
      - id: meetings
        type: blank-table
        label: Meetings so far
        blank-rows: 4
        columns:
          day: {label: Date, type: date}
          about: {label: What it was about, type: long-text, most-words: 20}
          useful: {label: "Useful?", type: yes-no}
  - title: Declarations
    intro: Sign each one. On screen, type your name or use a digital signature; on paper, sign in ink.
    fields:
      - {id: share, type: declaration, label: "Assessors may share feedback on my applications with my mentor."}
      - {id: news, type: declaration, optional: yes, label: "You may send me the newsletter."}
      - {id: mentee-signed, type: signature, label: Signature of the mentee, party: mentee}
      - {id: mentor-signed, type: signature, label: Signature of the mentor, party: mentor,
         declaration: I will keep what I hear to myself.}
"""
)


def project_at(root: Path, form: str = EVERYTHING, scheme: str = SCHEME) -> Project:
    """A project with one scheme and one form, both as YAML."""
    for folder in ("scheme-configs", "forms/harbour", "docs"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "mkdocs.yml").write_text("site_name: Harbour\n")
    (root / "scheme-configs/harbour.yml").write_text(scheme, "utf-8")
    (root / "forms/harbour/everything.yml").write_text(form, "utf-8")
    project = load_project(root)
    assert not project.unfit, project.unfit
    assert not any(source.problems for source in project.sources.values())
    return project


def form_with(fields: str, title: str = "A form") -> str:
    """The YAML of a form with one section of these fields (a YAML list, not indented)."""
    listed = "\n".join("      " + line for line in fields.strip().splitlines())
    return HEAD.replace("role-field: role\n", "") + f"sections:\n  - title: {title}\n    fields:\n{listed}\n"


def made_from(root: Path, form: str = EVERYTHING, scheme: str = SCHEME, edition: str = "a4") -> FormPdf:
    """The form's PDF."""
    return make_form_pdf(project_at(root, form, scheme), "harbour", "everything", edition)


@cache
def everything(edition: str = "a4") -> FormPdf:
    """The form that asks everything, made once."""
    with TemporaryDirectory() as root:
        return made_from(Path(root), edition=edition)


def opened(made: FormPdf) -> pikepdf.Pdf:
    """The PDF, for looking into."""
    return pikepdf.open(BytesIO(made.pdf))
