// A job on standard input: {package, blank, values, out}. Fills the form with pdf-lib or its fork, and saves it.
// Appearances of text are left to the next viewer: pdf-lib's own fonts have Western European letters only.
import { readFileSync, writeFileSync } from "node:fs";

const job = JSON.parse(readFileSync(0, "utf8"));
const { PDFDocument, PDFName, PDFBool, PDFTextField, PDFCheckBox, PDFRadioGroup, PDFDropdown } = await import(job.package);

const pdf = await PDFDocument.load(readFileSync(job.blank), { updateMetadata: false });
const form = pdf.getForm();
for (const [name, value] of Object.entries(job.values)) {
  const field = form.getField(name);
  if (field instanceof PDFTextField) field.setText(value);
  else if (field instanceof PDFCheckBox) value ? field.check() : field.uncheck();
  else if (field instanceof PDFRadioGroup) field.select(value);
  else if (field instanceof PDFDropdown) field.select(labelOf(field, value));
  else throw new Error(`${name}: pdf-lib takes no answer for a ${field.constructor.name}`);
}
form.acroForm.dict.set(PDFName.of("NeedAppearances"), PDFBool.True);
writeFileSync(job.out, await pdf.save({ updateFieldAppearances: false }));
console.log("{}");

// pdf-lib chooses by what is shown and stores that, so the option's id is turned into its label here.
function labelOf(field, id) {
  const option = field.acroField.getOptions().find(({ value }) => value.decodeText() === id);
  if (!option) throw new Error(`${field.getName()}: no option ${id}`);
  return (option.display ?? option.value).decodeText();
}
