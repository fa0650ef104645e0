// Opens pages in Chromium and tells, as JSON, what a browser makes of them.
//   node look.mjs CHROMIUM < {"pages": [{"address", "width", "dark", "print", "picture"}], …}
// For each page: what the console said, every request, every link, how wide it came out, what axe-core found, and what
// its QR code says. A "picture" is where a screenshot of the whole page goes; a "print" page is laid out as on paper.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import jsQR from "jsqr";
import { PNG } from "pngjs";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const decode = jsQR.default ?? jsQR;

const { pages } = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});
const told = [];
for (const wanted of pages) {
  const context = await browser.newContext({
    viewport: { width: wanted.width, height: 800 },
    colorScheme: wanted.dark ? "dark" : "light",
    deviceScaleFactor: wanted.picture ? 2 : 1,
  });
  const page = await context.newPage();
  const said = [];
  const requests = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("request", (request) => requests.push(request.url()));
  const response = await page.goto(wanted.address, { waitUntil: "load" });
  if (wanted.print) await page.emulateMedia({ media: "print" });
  const seen = await page.evaluate(() => ({
    links: [...document.querySelectorAll("[href]")].map((element) => element.href),
    elements: [...new Set([...document.querySelectorAll("*")].map((element) => element.localName))].sort(),
    width: document.documentElement.scrollWidth,
    title: document.title,
    language: document.documentElement.lang,
    text: document.body.innerText,
  }));
  // Evaluated by the debugger, so the page's own policy stays in force.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  let qr = null;
  const code = page.locator("svg.qr");
  if ((await code.count()) === 1) {
    const { data, width, height } = PNG.sync.read(await code.screenshot());
    qr = decode(new Uint8ClampedArray(data), width, height)?.data ?? null;
  }
  if (wanted.picture) await page.screenshot({ path: wanted.picture, fullPage: true });
  told.push({
    ...seen, qr, said, requests,
    status: response.status(),
    headers: response.headers(),
    findings: violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map((node) => node.html) })),
  });
  await context.close();
}
await browser.close();
process.stdout.write(JSON.stringify(told));
