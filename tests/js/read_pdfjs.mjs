// A job on standard input: {path}. Prints what pdf.js finds in each field: full name -> text, tick, option's id.
import { readFileSync } from "node:fs";
import { getDocument, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";

const { path } = JSON.parse(readFileSync(0, "utf8"));
const pdf = await getDocument({ data: new Uint8Array(readFileSync(path)), verbosity: VerbosityLevel.ERRORS }).promise;
const values = {};
for (const fields of Object.values((await pdf.getFieldObjects()) ?? {})) {
  for (const field of fields) {
    const value = valueOf(field);
    if (value !== undefined) values[field.name] = value;
  }
}
console.log(JSON.stringify(values));

function valueOf(field) {
  if (field.type === "checkbox") return field.value !== "Off" && field.value !== "";
  if (field.type === "radiobutton") return field.value && field.value !== "Off" ? field.value : undefined;
  const value = Array.isArray(field.value) ? field.value[0] : field.value;
  return typeof value === "string" && value ? value.replaceAll("\r\n", "\n").replaceAll("\r", "\n") : undefined;
}
