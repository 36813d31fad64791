// A job on standard input; opens one page in headless Chromium by its DevTools protocol and prints what happened.
//   {chromium, profile, url, width, height, dark, scripts, screenshot, wholePage, axe, evaluate, reachable}
// Every host name leads nowhere, but those in `reachable`; each request is written down, wherever it goes.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const job = JSON.parse(readFileSync(0, "utf8"));
const reachable = job.reachable.map((host) => `, EXCLUDE ${host}`).join("");
const context = await chromium.launchPersistentContext(job.profile, {
  executablePath: job.chromium,
  headless: true,
  viewport: { width: job.width, height: job.height },
  colorScheme: job.dark ? "dark" : "light",
  javaScriptEnabled: job.scripts,
  bypassCSP: false,
  args: [
    `--host-resolver-rules=MAP * ~NOTFOUND${reachable}`,
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
  const requests = [];
  const failed = [];
  const said = [];
  context.on("request", (request) => requests.push(request.url()));
  context.on("requestfailed", (request) => failed.push(`${request.url()}: ${request.failure()?.errorText}`));
  context.on("response", (response) => response.status() >= 400 && failed.push(`${response.url()}: ${response.status()}`));
  page.on("websocket", (socket) => requests.push(socket.url()));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(job.url, { waitUntil: "load" });
  await page.waitForLoadState("networkidle");
  const value = job.evaluate ? await page.evaluate(job.evaluate) : null;
  if (job.screenshot) await page.screenshot({ path: job.screenshot, fullPage: job.wholePage });
  const violations = job.axe ? await violationsOn(page) : [];
  const answer = { title: await page.title(), text: await page.innerText("body"), requests, failed, said, violations, value };
  console.log(JSON.stringify(answer));
} finally {
  await context.close();
}

async function violationsOn(page) {
  const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help} (${node.target.join(" ")}) ${node.failureSummary ?? ""}`.trim()),
  );
}
