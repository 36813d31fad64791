// A job on standard input; takes pictures of many pages in one headless Chromium, whole pages from top to bottom.
//   {chromium, profile, shots: [{url, width, picture}]}
// No host name leads anywhere.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const job = JSON.parse(readFileSync(0, "utf8"));
const context = await chromium.launchPersistentContext(job.profile, {
  executablePath: job.chromium,
  headless: true,
  colorScheme: "light",
  args: ["--host-resolver-rules=MAP * ~NOTFOUND", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"],
});
try {
  const page = context.pages()[0] ?? (await context.newPage());
  for (const { url, width, picture } of job.shots) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(url, { waitUntil: "load" });
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: picture, fullPage: true });
  }
  console.log(JSON.stringify({ taken: job.shots.length }));
} finally {
  await context.close();
}
