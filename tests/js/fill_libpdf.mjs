// A job on standard input: {blank, values, out}. Fills the form with @libpdf/core, and saves it.
import { readFileSync, writeFileSync } from "node:fs";
import { PDF } from "@libpdf/core";

const job = JSON.parse(readFileSync(0, "utf8"));
const pdf = await PDF.load(readFileSync(job.blank));
const form = pdf.getForm();
const refused = {};
for (const [name, value] of Object.entries(job.values)) {
  try {
    const { skipped } = form.fill({ [name]: value }) ?? {};
    if (skipped?.length) refused[name] = "skipped";
  } catch (error) {
    refused[name] = String(error.message);
  }
}
writeFileSync(job.out, await pdf.save());
console.log(JSON.stringify({ refused }));
