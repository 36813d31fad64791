// Jobs on standard input, one a line: {path}. Prints a line for each: what pdf.js finds in each field (full name -> text,
// tick, option's id), or {error} of what it raised.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { getDocument, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify({ fields: await read(JSON.parse(line).path) }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.message) }));
  }
}

async function read(path) {
  const task = getDocument({ data: new Uint8Array(readFileSync(path)), verbosity: VerbosityLevel.ERRORS });
  const pdf = await task.promise;
  const values = {};
  for (const fields of Object.values((await pdf.getFieldObjects()) ?? {})) {
    for (const field of fields) {
      const value = valueOf(field);
      if (value !== undefined) values[field.name] = value;
    }
  }
  await task.destroy();
  return values;
}

function valueOf(field) {
  if (field.type === "checkbox") return field.value !== "Off" && field.value !== "";
  if (field.type === "radiobutton") return field.value && field.value !== "Off" ? field.value : undefined;
  const value = Array.isArray(field.value) ? field.value[0] : field.value;
  return typeof value === "string" && value ? value.replaceAll("\r\n", "\n").replaceAll("\r", "\n") : undefined;
}
