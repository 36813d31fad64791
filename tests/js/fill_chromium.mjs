// A job on standard input: {chromium, profile, blank, out, fields: [{page, x, y, kind, value, option}]}, in points from the
// page's upper left corner. Fills the form in Chromium's own PDF viewer by mouse and keyboard and saves it by the
// viewer's own button. Only the system's dialog that asks where to save is answered here.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

// A tab is a key that leaves the field, and letters beyond 16 bits have no key: people paste them, and long texts.
const IS_PASTED = /[\t\u{10000}-\u{10ffff}]|.{201}/u;

const job = JSON.parse(readFileSync(0, "utf8"));
const context = await chromium.launchPersistentContext(job.profile, {
  executablePath: job.chromium,
  headless: true,
  viewport: { width: 1000, height: 1500 },
  // The viewer is an extension of the browser's own.
  ignoreDefaultArgs: ["--disable-extensions", "--disable-component-extensions-with-background-pages"],
  args: [
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
try {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`${pathToFileURL(job.blank)}#zoom=100&navpanes=0`);
  const viewer = await until(async () => page.frames().find((frame) => frame.url().startsWith("chrome-extension:")));
  await until(() => viewer.evaluate(() => document.querySelector("pdf-viewer")?.viewport_?.getPageScreenRect(0).width > 1));
  let shown = -1;
  for (const field of job.fields) {
    if (shown !== field.page) await turnTo(field.page, shown);
    shown = field.page;
    const corner = await cornerOf(field.page);
    await enter(page, field, corner.x + (field.x * 96) / 72, corner.y + (field.y * 96) / 72);
    if (field.kind === "drop-down") await leave(field.page);
  }
  await leave(shown);
  writeFileSync(job.out, Buffer.from(await save(), "base64"));
  console.log("{}");

  function cornerOf(number) {
    return viewer.evaluate((number) => {
      const { viewport, shadowRoot } = document.querySelector("pdf-viewer");
      const { x, y } = viewport.getPageScreenRect(number);
      const area = shadowRoot.querySelector("#content, embed").getBoundingClientRect();
      return { x: x + area.left, y: y + area.top };
    }, number);
  }

  // A click beside all fields ends the typing in one.
  async function leave(number) {
    const corner = await cornerOf(number);
    await page.mouse.click(corner.x + 15, Math.max(corner.y + 15, 150));
    await page.waitForTimeout(100);
  }

  // Typing stops working where a field has the focus whose page is far out of view (seen: from the third page on).
  async function turnTo(number, from) {
    if (from >= 0) await leave(from);
    await viewer.evaluate((one) => document.querySelector("pdf-viewer").viewport.goToPage(one), number);
    await page.waitForTimeout(400);
  }

  async function save() {
    await viewer.evaluate(() => {
      // Where the file goes: a dialog of the system, by one of two ways as the browser is built.
      const app = document.querySelector("pdf-viewer");
      const parts = [];
      const done = () => (window.savedFile = new Blob(parts));
      app.selectFileAndGetWriter_ = async () => ({ write: (blob) => (parts.push(blob), done()) });
      app.writeToWriter_ = async (_, blob) => (parts.push(blob), done());
      app.selectFileAndGetWritable_ = async () => ({ write: async (part) => void parts.push(part), close: async () => done() });
      const controls = document.querySelector("pdf-viewer").shadowRoot.querySelector("viewer-toolbar").shadowRoot;
      controls.querySelector("#downloads").shadowRoot.querySelector("#save").click();
    });
    await page.waitForTimeout(500);
    await viewer.evaluate(() => {
      const controls = document.querySelector("pdf-viewer").shadowRoot.querySelector("viewer-toolbar").shadowRoot;
      controls.querySelector("#downloads").shadowRoot.querySelector("#save-edited").click();
    });
    await until(() => viewer.evaluate(() => window.savedFile != null));
    return await viewer.evaluate(async () => {
      const bytes = new Uint8Array(await window.savedFile.arrayBuffer());
      let text = "";
      for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
      return btoa(text);
    });
  }
} finally {
  await context.close();
}

async function enter(page, { kind, value, option }, x, y) {
  await page.mouse.click(x, y);
  if (kind === "drop-down") {
    // The click opens the list, with nothing marked; a key that comes before it is open is lost.
    await page.waitForTimeout(300);
    for (let step = 0; step <= option; step++) await page.keyboard.press("ArrowDown", { delay: 20 });
    await page.keyboard.press("Enter");
  } else if (kind === "text") {
    for (const [number, line] of value.split("\n").entries()) {
      if (number) await page.keyboard.press("Enter");
      // Keys and letters that no key has arrive by two ways: without a pause one may overtake the other.
      if (IS_PASTED.test(line)) await paste(page, line, x, y);
      else await page.keyboard.type(line, { delay: /^[ -~]*$/.test(line) ? 0 : 10 });
    }
  }
}

// By the clipboard: copied from another tab, so that nothing but the browser's own keys have a hand in it.
async function paste(page, text, x, y) {
  const other = await context.newPage();
  await other.setContent("<textarea></textarea>");
  await other.locator("textarea").fill(text);
  await other.locator("textarea").press("Control+A");
  await other.keyboard.press("Control+C");
  await other.waitForTimeout(200);
  await other.close();
  await page.bringToFront();
  await page.mouse.click(x, y);
  await page.waitForTimeout(300);
  await page.keyboard.press("Control+V");
  await page.waitForTimeout(600);
}

async function until(look, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const found = await look();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`nothing came of ${look}`);
}
