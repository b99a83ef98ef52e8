// Opens each page given in Chromium and fails when axe-core finds a violation, a page scrolls sideways at 320 pixels, or
// the Tab key does not follow the order of the page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import puppeteer from "puppeteer-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
const faults = [];

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
});

async function open(file, width) {
  const page = await browser.newPage();
  await page.setViewport({ width, height: 900 });
  await page.goto(`file://${file}`);
  await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
  return page;
}

async function violations(file, width) {
  const page = await open(file, width);
  await page.evaluate(axe);
  const found = await page.evaluate((runOnly) => axe.run({ runOnly }), rules);
  for (const { id, help, nodes } of found.violations) {
    faults.push(`${basename(file)} at ${width}: ${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
  }
  await page.close();
}

async function sideways(file) {
  const page = await open(file, 320);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (over > 0) faults.push(`${basename(file)} scrolls ${over} pixels sideways at 320`);
  await page.close();
}

// Every stop of the Tab key comes after the one before it, and can be seen.
async function tabs(file) {
  const page = await open(file, 1280);
  const all = await page.evaluate(() => {
    window.stops = [...document.querySelectorAll("a[href], summary, [tabindex]")];
    return window.stops.length;
  });
  let before = -1;
  for (let press = 0; press < all; press++) {
    await page.keyboard.press("Tab");
    const [at, size] = await page.evaluate(() => {
      const box = document.activeElement.getBoundingClientRect();
      return [window.stops.indexOf(document.activeElement), box.width * box.height];
    });
    if (at !== before + 1 || size === 0) {
      faults.push(`${basename(file)}: Tab goes from stop ${before} to ${at}, ${size} square pixels`);
      break;
    }
    before = at;
  }
  await page.close();
}

const files = process.argv.slice(2);
for (const file of files) {
  await violations(file, 1280);
  await violations(file, 360);
  await sideways(file);
  await tabs(file);
}
await browser.close();
faults.forEach((fault) => console.error(fault));
console.log(`${faults.length} faults in ${files.length} pages: axe-core at 1280 and 360, width 320, Tab order`);
process.exit(faults.length === 0 ? 0 : 1);
