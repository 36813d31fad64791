"""Packages of others, run in their own environment (set_up.py makes it): a job a line in, an answer a line out.

A job: {"do": a name of DOERS, "out": path, ...}. The answer: {"seconds": of the processor, "refused": field -> words},
or {"error": words}. `values`: full name -> text, True, or the id of an option; a tick that stays off is left out.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

Job = dict[str, Any]
Refused = dict[str, str]


def weasyprint(job: Job) -> Refused:
    """{"html": text, "fonts": folder}: laid out as an accessible PDF with WeasyPrint's own form fields."""
    from weasyprint import HTML

    HTML(string=job["html"], base_url=job["fonts"]).write_pdf(job["out"], pdf_forms=True, pdf_variant="pdf/ua-1")
    return {}


def pypdfform(job: Job) -> Refused:
    """{"blank", "values", "options", "shown", "drawn"}.

    options: field -> ids, in the form's order. shown: drop-down -> words of the entry. drawn: it
    draws what stands in the fields, and does not leave that to viewers.
    """
    from PyPDFForm import PdfWrapper

    how = {"generate_appearance_streams": True} if job["drawn"] else {"need_appearances": True}
    form = PdfWrapper(job["blank"], use_full_widget_name=True, **how)
    schema = form.schema["properties"]
    values = {}
    for name, value in job["values"].items():
        # Radio buttons are numbered, in the order of the form; an entry that it does not know is added to a drop-down.
        numbered = schema[name].get("type") == "integer"
        values[name] = job["options"][name].index(value) if numbered else job["shown"].get(name, value)
    form.fill(values).write(job["out"])
    return {}


def fillpdf(job: Job) -> Refused:
    """{"blank", "values"}: by pdfrw."""
    from fillpdf.fillpdfs import write_fillable_pdf

    write_fillable_pdf(job["blank"], job["out"], {name: _on(value) for name, value in job["values"].items()})
    return {}


def pdf_oxide(job: Job) -> Refused:
    """{"blank", "values"}: field by field."""
    from pdf_oxide import PdfDocument

    document, refused = PdfDocument(job["blank"]), {}
    for name, value in job["values"].items():
        try:
            document.set_form_field_value(name, value)
        except (ValueError, RuntimeError) as error:
            refused[name] = str(error)
    document.save(job["out"])
    return refused


def oxidize(job: Job) -> Refused:
    """{"blank", "values"}: all at once, as an update behind the blank, without those that it refuses one by one."""
    from oxidize_pdf import IncrementalFormFiller, PdfError

    filler, refused = IncrementalFormFiller(Path(job["blank"]).read_bytes()), {}
    taken = []
    for name, value in job["values"].items():
        try:
            filler.fill(name, _on(value))
            taken.append((name, _on(value)))
        except PdfError as error:
            refused[name] = str(error)
    Path(job["out"]).write_bytes(filler.fill_many(taken))
    return refused


def _on(value: str | bool) -> str:
    return value if isinstance(value, str) else "on"


DOERS = {
    "weasyprint": weasyprint,
    "pypdfform": pypdfform,
    "fillpdf": fillpdf,
    "pdf-oxide": pdf_oxide,
    "oxidize-pdf": oxidize,
}


def main() -> None:
    """Do each job as it comes."""
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        job = json.loads(line)
        start = time.process_time()
        try:
            answer: dict[str, Any] = {"refused": DOERS[job["do"]](job), "seconds": time.process_time() - start}
        except Exception as error:  # noqa: BLE001 -- whatever another's code raises is what is to be told
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
