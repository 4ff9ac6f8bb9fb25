import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type Page, chromium as playwright } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSimulatedHost, type SimulatedHost } from "../../extension/host/simulated-host.ts";
import { readTimelines } from "../../extension/interchange/read-timeline.ts";
import type { MixReport } from "../../extension/session/mix-report.ts";
import { chromium } from "../browser/chromium.mjs";
import { shimCep } from "../support/cep-shim.ts";
import { demoFolder, premixJson } from "../support/premix-cli.ts";

const work = mkdtempSync(join(tmpdir(), "premix-panel-"));
const pageUrl = pathToFileURL(join(demoFolder, "../panel/index.html")).href;
let browser: Browser;

beforeAll(async () => {
  const { executablePath, env, args } = chromium();
  browser = await playwright.launch({ executablePath, env: env as Record<string, string>, args, headless: true });
}, 120_000);

afterAll(async () => {
  await browser.close();
  rmSync(work, { recursive: true });
});

type OpenPanel = {
  readonly page: Page;
  readonly simulated: SimulatedHost;
  readonly folder: string;
  readonly trouble: string[];
};

/** The built panel on file://, on a simulated Premiere in this process that has the demo open. */
const openPanel = async (name: string): Promise<OpenPanel> => {
  const folder = mkdtempSync(join(work, `${name}-`));
  const projectPath = join(folder, "demo.xml");
  copyFileSync(join(demoFolder, "demo.xml"), projectPath);
  const read = await readTimelines(readFileSync(projectPath), projectPath);
  if (!read.ok) throw new TypeError(read.problems.map(({ message }) => message).join(" "));
  const simulated = createSimulatedHost({ timelines: read.value, projectPath });
  const page = await browser.newPage({ viewport: { width: 420, height: 900 } });
  const trouble: string[] = [];
  page.on("console", (message) => message.type() === "error" && trouble.push(message.text()));
  page.on("pageerror", (error) => trouble.push(String(error)));
  page.on("request", (request) => /^https?:/.test(request.url()) && trouble.push(`request to ${request.url()}`));
  await shimCep(page, simulated.evalScript, folder);
  await page.goto(pageUrl);
  await page.getByRole("heading", { name: "Premix demo" }).waitFor({ timeout: 20_000 });
  await page.getByLabel(/Where to look for media/).fill(join(demoFolder, "media"));
  return { page, simulated, folder, trouble };
};

const screenshot = async (page: Page, name: string) => {
  const folder = process.env["PREMIX_SCREENSHOTS"];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};

describe("the panel in a real Chromium", () => {
  test("reads, mixes and places the demo; its stems have the command line's hashes", async () => {
    const cli = await premixJson<MixReport>(["mix", "-o", join(work, "cli")]);
    const { page, simulated, trouble } = await openPanel("whole-job");
    const before = simulated.dump();
    expect(await page.locator(".track").count()).toBe(6);
    expect(await page.locator(".clip .role").allTextContents()).toEqual(cli.json.clips.map(({ role }) => role));
    await screenshot(page, "panel-read");

    await page.getByRole("button", { name: "Mix this sequence" }).click();
    await page.getByRole("button", { name: "Cancel" }).waitFor();
    await screenshot(page, "panel-mixing");
    await page.locator("[data-verdict]").waitFor({ timeout: 120_000 });
    await screenshot(page, "panel-mixed");

    const hashes = await page
      .locator("[data-sha256]")
      .evaluateAll((rows) => rows.map((row) => [row.getAttribute("data-stem"), row.getAttribute("data-sha256")]));
    expect(hashes).toEqual([...cli.json.stems, cli.json.mix].map(({ name, sha256 }) => [name, sha256]));
    expect(await page.locator("[data-verdict]").textContent()).toBe("PASS");
    expect(await page.locator("[data-read-back=true]").count()).toBe(4);
    expect(await page.locator("[data-originals-unchanged=true]").count()).toBe(1);
    const after = simulated.dump();
    expect(after.sequences[0]!.tracks.length).toBe(before.sequences[0]!.tracks.length + 4);
    expect(trouble).toEqual([]);
    await page.close();
  }, 240_000);

  test("cancel leaves the sequence and the disk as they were", async () => {
    const { page, simulated, folder, trouble } = await openPanel("cancel");
    const before = simulated.dump();
    await page.getByRole("button", { name: "Mix this sequence" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("alert").waitFor({ timeout: 30_000 });
    expect(await page.getByRole("alert").textContent()).toMatch(/cancel/i);
    expect(simulated.dump()).toEqual(before);
    const left = existsSync(join(folder, "mix"))
      ? readdirSync(join(folder, "mix"), { recursive: true }).map(String)
      : [];
    expect(left.filter((name) => name.endsWith(".wav") || name.includes(".tmp-"))).toEqual([]);
    expect(trouble).toEqual([]);
    await page.close();
  }, 120_000);
});
