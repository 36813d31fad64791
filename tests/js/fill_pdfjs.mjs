// A job on standard input: {blank, values, out}. Fills the form as pdf.js does under its viewer: values go into its
// annotation storage, and it saves the document with them.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { getDocument, version, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";

const job = JSON.parse(readFileSync(0, "utf8"));
const folder = dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));
const pdf = await getDocument({
  data: new Uint8Array(readFileSync(job.blank)),
  verbosity: VerbosityLevel.ERRORS,
  standardFontDataUrl: join(folder, "standard_fonts") + "/",
}).promise;
const fields = await pdf.getFieldObjects();
const kids = new Map();
for (let number = 1; number <= pdf.numPages; number++) {
  const page = await pdf.getPage(number);
  for (const one of await page.getAnnotations()) if (one.fieldName) kids.set(one.id, one);
}
for (const [name, value] of Object.entries(job.values)) {
  if (!fields[name]) throw new Error(`${name}: no such field`);
  for (const { id } of fields[name]) {
    const kid = kids.get(id);
    if (!kid) continue;
    if (kid.radioButton) pdf.annotationStorage.setValue(id, { value: kid.buttonValue === value });
    else pdf.annotationStorage.setValue(id, { value });
  }
}
writeFileSync(job.out, await pdf.saveDocument());
console.log(JSON.stringify({ version }));
