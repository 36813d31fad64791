// A job on standard input: {chromium, profile, viewer, blank, out, values, kinds}. Fills the form in the whole viewer of
// pdf.js, as a website would offer it: served from this machine, opened in Chromium, by mouse and keyboard, and saved by
// the viewer's own button, whose download is kept.
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const job = JSON.parse(readFileSync(0, "utf8"));
const types = { ".html": "text/html", ".mjs": "text/javascript", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".pdf": "application/pdf", ".ftl": "text/plain" };
const server = createServer((asked, answer) => {
  const path = decodeURIComponent(new URL(asked.url, "http://here").pathname);
  const file = path === "/form.pdf" ? job.blank : join(job.viewer, normalize(path));
  if (!existsSync(file) || !statSync(file).isFile()) return answer.writeHead(404).end();
  answer.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(answer);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const context = await chromium.launchPersistentContext(job.profile, {
  executablePath: job.chromium,
  headless: true,
  acceptDownloads: true,
  viewport: { width: 1200, height: 1400 },
  args: ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`http://127.0.0.1:${server.address().port}/web/viewer.html?file=/form.pdf#pagemode=none`);
  await page.waitForFunction(() => window.PDFViewerApplication?.pdfViewer?.pagesCount);
  for (const field of await page.evaluate(fields)) await enter(page, field);
  const download = page.waitForEvent("download");
  await page.locator("#downloadButton").click();
  await (await download).saveAs(job.out);
  console.log("{}");
} finally {
  await context.close();
  server.close();
}

// Every field that can be filled: page, id, name and the option it stands for.
async function fields() {
  const viewer = window.PDFViewerApplication;
  const found = [];
  for (let number = 1; number <= viewer.pagesCount; number++) {
    const page = await viewer.pdfDocument.getPage(number);
    for (const one of await page.getAnnotations())
      if (one.fieldName) found.push({ number, id: one.id, name: one.fieldName, option: String(one.buttonValue ?? one.exportValue ?? "") });
  }
  return found;
}

async function enter(page, { number, id, name, option }) {
  const value = job.values[name];
  const kind = job.kinds[name];
  if (value === undefined || value === false || (kind === "radio" && option !== value)) return;
  await page.evaluate((one) => (window.PDFViewerApplication.page = one), number);
  const box = page.locator(`[data-annotation-id="${id}"] :is(input, textarea, select)`);
  await box.waitFor();
  if (kind === "drop-down") return choose(page, box, value);
  await box.click();
  if (kind !== "text") return;
  for (const [line, words] of value.split("\n").entries()) {
    if (line) await page.keyboard.press("Enter");
    // A tab is a key that leaves the field: it can only be pasted, and so can long texts.
    if (words.includes("\t") || words.length > 200) await page.keyboard.insertText(words);
    else await page.keyboard.type(words);
  }
}

// By the arrow keys, from the empty entry that pdf.js puts first.
async function choose(page, box, value) {
  await box.focus();
  for (let step = 0; step < 60; step++) {
    if ((await box.evaluate((one) => one.value)) === value) return;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error("no such entry in the list");
}
