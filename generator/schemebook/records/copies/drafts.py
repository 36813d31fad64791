"""An issued copy and its person in, a draft of a message with the copy attached out. Nothing is ever sent."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

from schemebook.records.copies.recipients import Recipient
from schemebook.scheme.form import Form
from schemebook.scheme.model import Scheme
from schemebook.scheme.words import say


def message_draft(scheme: Scheme, form: Form, person: Recipient, token: str, file: str, pdf: bytes) -> bytes:
    """The message as an .eml file, the same bytes each time. file: the attachment's name.

    It has no date and no sender: the program that sends it sets both. X-Unsent has Outlook open it for writing.
    """
    formal = scheme.branding.tone == "formal"
    draft = EmailMessage(policy=SMTP)
    draft["X-Unsent"] = "1"
    draft["To"] = person.email
    draft["Subject"] = say("issue.subject", formal=formal, title=form.title)
    draft.set_content(_body(scheme, form, person, formal), cte="quoted-printable")
    draft.add_attachment(pdf, maintype="application", subtype="pdf", filename=file)
    draft.set_boundary(f"=_{token}")  # the library's own is random
    return draft.as_bytes()


def _body(scheme: Scheme, form: Form, person: Recipient, formal: bool) -> str:
    how = say("issue.body-how", back=_back(scheme)).strip()
    paragraphs = [
        say("issue.dear", name=person.name) if person.name else say("issue.hello"),
        say("issue.body", formal=formal, title=form.title, scheme=scheme.name),
        f"{say('issue.body-filled', formal=formal)} {how}" if person.answers else how,
        say("issue.body-ask", contact=scheme.contact.email or scheme.contact.telephone or scheme.contact.name),
        scheme.contact.name,
    ]
    return "\n\n".join(paragraphs) + "\n"


def _back(scheme: Scheme) -> str:
    """How it comes back, as the form itself says."""
    if scheme.returns.how:
        return scheme.returns.how
    if scheme.returns.email:
        return say("issue.back-email", email=scheme.returns.email)
    return say("issue.back-post", post=" ".join(scheme.returns.post.split())) if scheme.returns.post else ""
