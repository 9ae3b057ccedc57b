import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { CheckResult } from "../src/engine/result.ts";
import type { Finding } from "../src/engine/finding.ts";
import type { BranchRows } from "../src/report/html/branch-rows.ts";
import { branchPicture } from "../src/report/html/branch-picture.ts";
import { holdsOf } from "../src/report/html/holds.ts";
import { html as render } from "../src/report/html/index.ts";
import { html, sentence, shortened, visible } from "../src/report/html/markup.ts";
import { STYLE, STYLE_HASH } from "../src/report/html/style.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { chromiumPath, launch } from "./support/browser.ts";
import { inOneBatch, richSample } from "./support/html-sample.ts";
import { CLEAN, OPTIONS, PENDING, SAMPLE } from "./support/report-sample.ts";
import { type Element, parseXml } from "./support/xml.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** What functions that run in the page use of the DOM: the library's own types would be in reach of the whole program. */
interface PageElement {
  readonly id: string;
  readonly localName: string;
  readonly textContent: string;
  open: boolean;
  readonly scrollWidth: number;
  readonly clientWidth: number;
  getBoundingClientRect(): { readonly width: number; readonly height: number };
  checkVisibility(options: { readonly contentVisibilityAuto: boolean }): boolean;
}
interface PageDocument {
  readonly activeElement: PageElement;
  readonly body: PageElement;
  readonly documentElement: PageElement;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}
declare const document: PageDocument;
declare function getComputedStyle(
  element: PageElement,
  part?: string,
): Readonly<Record<"backgroundColor" | "content" | "outlineStyle" | "position", string>>;
declare const DOMParser: new () => { parseFromString(text: string, type: string): PageDocument };

const page = (result: CheckResult, options = OPTIONS): string => render.render(result, options);
let rich = "";
beforeAll(async () => {
  await postgresReader.load();
  rich = page(richSample(({ text }) => postgresReader.read(text).statements));
});

/** The page read as strict XML. */
const strict = (text: string): Element =>
  parseXml(text.replace("<!DOCTYPE html>", '<?xml version="1.0" encoding="UTF-8"?>'));

function* everything(element: Element): Iterable<Element> {
  yield element;
  for (const child of element.children) yield* everything(child);
}

describe("the markup", () => {
  test("text is escaped, in elements and attributes; markup is not escaped twice", () => {
    const evil = `</script><b title='x'>"&amp;`;
    expect(html`<p title="${evil}">${evil}${html`<i>${"<"}</i>`}${[1, "<", undefined, false]}</p>`.markup).toBe(
      '<p title="&lt;/script&gt;&lt;b title=&#39;x&#39;&gt;&quot;&amp;amp;">&lt;/script&gt;&lt;b title=&#39;x&#39;&gt;&quot;&amp;amp;<i>&lt;</i>1&lt;</p>',
    );
  });

  test("what cannot be seen is shown", () => {
    expect(visible("a\0b\x1b[0m\x7f\r\nc\rd\te")).toBe("a␀b␛[0m␡\nc␍d\te");
    expect(visible("admin\u202E\u2066 \u2028\u2029\u200B\u00AD\uFEFF\u200F\u0085\uD800")).toBe(
      "admin⟨U+202E⟩⟨U+2066⟩ ⟨U+2028⟩⟨U+2029⟩⟨U+200B⟩⟨U+00AD⟩⟨U+FEFF⟩⟨U+200F⟩⟨U+0085⟩⟨U+D800⟩",
    );
    expect(visible("größe 漢字 👩‍👩‍👧 שלום")).toBe("größe 漢字 👩‍👩‍👧 שלום");
  });

  test("backticks become code, an odd one stays", () => {
    expect(sentence("a `b <c>`  d `e").markup).toBe("a <code>b &lt;c&gt;</code> d `e");
    expect(sentence("`a_b/c.`").markup).toBe("<code>a_<wbr />b/<wbr />c.</code>");
  });

  test("a long text is cut between characters", () => {
    expect(shortened("🚀🚀🚀🚀", 3)).toBe("🚀🚀…");
    expect(shortened("🚀🚀", 3)).toBe("🚀🚀");
    expect(shortened("abc", 3)).toBe("abc");
  });
});

describe("the document", () => {
  test("the policy allows the style sheet by its hash, and nothing else", () => {
    expect(STYLE_HASH).toBe(`sha256-${createHash("sha256").update(STYLE).digest("base64")}`);
    const [policy] = [...everything(strict(rich))].filter(
      ({ attributes }) => attributes["http-equiv"] === "Content-Security-Policy",
    );
    expect(policy?.attributes["content"]).toBe(
      `default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'`,
    );
    expect(STYLE).not.toMatch(/[<&]|url\(|@import/);
  });

  test.each([
    ["the sample", () => page(SAMPLE)],
    ["with a rehearsal and branches", () => rich],
    ["clean", () => page(CLEAN)],
    ["nothing pending", () => page({ ...SAMPLE, histories: [], findings: [] })],
  ])("%s is well-formed, has each id once and no reference that leads nowhere", (_, text) => {
    const elements = [...everything(strict(text()))];
    const ids = elements.flatMap(({ attributes }) => attributes["id"] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { attributes } of elements) {
      const named = ["for", "aria-labelledby", "aria-describedby"].flatMap(
        (name) => attributes[name]?.split(" ") ?? [],
      );
      const linked = attributes["href"]?.startsWith("#") ? [attributes["href"].slice(1)] : [];
      for (const id of [...named, ...linked]) expect(ids).toContain(id);
    }
    expect(
      elements.filter(({ name }) =>
        ["script", "link", "img", "iframe", "object", "embed", "form", "base"].includes(name),
      ),
    ).toEqual([]);
    expect(
      elements.flatMap(({ attributes }) => Object.keys(attributes)).filter((name) => /^on|^style$|^src/.test(name)),
    ).toEqual([]);
    // Numbers in a path that are none would draw nothing.
    expect(text()).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test("no date: it is the same whenever it is made", () => {
    expect(page(SAMPLE)).toBe(page(SAMPLE));
    expect(page(SAMPLE)).not.toMatch(new RegExp(`\\b${new Date().getFullYear()}-\\d\\d-\\d\\d\\b`));
  });

  test("only addresses of the web become links", () => {
    const [first] = SAMPLE.findings as [Finding];
    const text = page({ ...SAMPLE, findings: [first] }, { ...OPTIONS, ruleUrl: () => "javascript:alert(1)" });
    expect(text).not.toContain("javascript:");
    expect(text).toContain("orphan-cleanup-ineffective</h4>");
  });
});

describe("locks", () => {
  const holds = (result: CheckResult): string[] =>
    holdsOf(result.histories[0]?.migrations.find(({ id }) => id === PENDING.id) ?? PENDING).map(
      ({ relation, mode, from, to, blocks }) => `${relation} ${mode} ${from}-${to} ${blocks}`,
    );

  test("on its own, a statement gives them back when it ends", () => {
    expect(holds(SAMPLE)).toEqual([
      "public.comments RowExclusiveLock 0-0 ",
      "public.comments AccessExclusiveLock 1-1 reads and writes",
      "public.posts ShareRowExclusiveLock 1-1 writes",
      "public.comments ShareLock 2-2 writes",
    ]);
  });

  test("in a transaction they stay to its end, and a weaker one is not taken again", () => {
    expect(holds(inOneBatch(SAMPLE))).toEqual([
      "public.comments RowExclusiveLock 0-3 ",
      "public.comments AccessExclusiveLock 1-3 reads and writes",
      "public.posts ShareRowExclusiveLock 1-3 writes",
    ]);
  });
});

describe("the picture of the branches", () => {
  const rails = (count: number): BranchRows["rails"] =>
    Array.from({ length: count }, (_, at) => ({ name: `branch-${at}`, role: "", migrations: [] }));
  const rows = (count: number, rail: number): BranchRows["rows"] =>
    Array.from({ length: count }, (_, at) => ({
      migration: `2026010100000${at}_m`,
      dots: Array.from({ length: rail }, (_each, index) => (index === 0 ? "same" : "absent")),
      notes: [],
    }));

  test("many rows that look the same are one, many branches are some and the one that is checked", () => {
    const { markup } = branchPicture({ rails: rails(9), alike: 3, rows: rows(8, 9) }, "p");
    const drawn = [...everything(parseXml(`<?xml version="1.0" encoding="UTF-8"?>${markup}`))];
    expect(drawn.filter(({ attributes }) => attributes["class"] === "rail")).toHaveLength(6);
    expect(
      drawn
        .filter(({ attributes }) => attributes["class"] === "name")
        .map(({ children }) => children.map(({ text }) => text).join("")),
    ).toEqual(["branch-0", "branch-1", "branch-2", "branch-3", "branch-4", "branch-8"]);
    expect(
      drawn
        .filter(({ attributes }) => attributes["class"] === "folder")
        .map(({ children }) => children.map(({ text }) => text).join(" ")),
    ).toEqual(["8 migrations to 20260101000007_m"]);
  });
});

const found = chromiumPath();
if (found === undefined && process.env["CI"]) throw new Error("No Chromium is on PATH.");

describe.skipIf(found === undefined)("in Chromium", () => {
  const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(found ?? "");
  });
  afterAll(() => browser?.close());

  /** Opens a text as a page; requests that leave it and what it logs are kept. */
  async function open<T>(
    text: string,
    options: BrowserContextOptions,
    use: (shown: Page, events: { readonly requests: string[]; readonly logged: string[] }) => Promise<T>,
  ): Promise<T> {
    const context = await browser.newContext(options);
    try {
      const shown = await context.newPage();
      const events = { requests: [] as string[], logged: [] as string[] };
      shown.on("request", (request) => events.requests.push(request.url()));
      shown.on("console", (message) => events.logged.push(message.text()));
      await shown.route("**", (route) => route.abort());
      await shown.setContent(text);
      return await use(shown, events);
    } finally {
      await context.close();
    }
  }

  const unfold = (shown: Page): Promise<void> =>
    shown.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
  /** Pixels by which it is wider than the screen. */
  const sideways = (shown: Page): Promise<number> =>
    shown.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  const LOOKS = (["light", "dark"] as const).flatMap((colorScheme) =>
    [1280, 320].map((width) => ({ colorScheme, width })),
  );
  test.each(LOOKS)(
    "axe finds nothing in the $colorScheme page at $width px, and it does not scroll sideways",
    async ({ colorScheme, width }) => {
      await open(rich, { colorScheme, viewport: { width, height: 900 }, bypassCSP: true }, async (shown) => {
        await unfold(shown);
        await shown.evaluate(AXE);
        const { violations, passes } = await shown.evaluate(async () => {
          const results = await (
            globalThis as unknown as {
              axe: {
                run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[]; passes: { id: string }[] }>;
              };
            }
          ).axe.run();
          return {
            violations: results.violations.map(
              ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n")}`,
            ),
            passes: results.passes.map(({ id }) => id),
          };
        });
        expect(violations).toEqual([]);
        expect(passes).toEqual(
          expect.arrayContaining([
            "color-contrast",
            "heading-order",
            "landmark-one-main",
            "label",
            "svg-img-alt",
            "list",
          ]),
        );
        expect(await sideways(shown)).toBe(0);
        expect(await shown.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
          colorScheme === "light" ? "rgb(253, 252, 249)" : "rgb(23, 25, 29)",
        );
      });
    },
  );

  test("more than eight migrations are folded, with what is in them; axe finds nothing, and on paper they are open", async () => {
    const ids = Array.from({ length: 9 }, (_, at) => `2026020100000${at}_m${at}`);
    const files = ids.map((id) => ({
      ...PENDING,
      id,
      path: `prisma/migrations/${id}`,
      file: { path: `prisma/migrations/${id}/migration.sql`, text: PENDING.file?.text ?? "" },
    }));
    const result: CheckResult = {
      ...SAMPLE,
      findings: files.flatMap(({ id, file }) =>
        SAMPLE.findings.slice(0, 2).map((finding) => ({ ...finding, migration: id, file, related: [] })),
      ),
      histories: SAMPLE.histories.map((history) => ({ ...history, migrations: files })),
    };
    await open(page(result), { bypassCSP: true }, async (shown) => {
      const closed = shown.locator("details.migration:not([open]) > summary");
      expect((await closed.allInnerTexts()).map((text) => text.replace(/\s+/g, " "))).toEqual([
        ...ids.map((id) => `${id} 2 errors`),
        ...ids.map((id) => `${id} 4 statements, statement by statement`),
      ]);
      await shown.evaluate(AXE);
      expect(
        await shown.evaluate(async () =>
          (
            await (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }).axe.run()
          ).violations.map(({ id }) => id),
        ),
      ).toEqual([]);
      expect(await shown.locator(".finding:visible").count()).toBe(0);
      await shown.emulateMedia({ media: "print" });
      expect(await shown.locator(".finding:visible").count()).toBe(18);
      expect(await shown.locator("#timeline table:visible").count()).toBe(9);
    });
  });

  test("names and SQL without a blank do not make it scroll sideways at 320 px", async () => {
    const long = "x".repeat(400);
    const [first] = SAMPLE.findings as [Finding];
    const result: CheckResult = {
      ...inOneBatch(SAMPLE),
      findings: [
        {
          ...first,
          message: long,
          rule: long,
          help: `\`${long}\``,
          queries: [{ title: long, sql: long }],
          file: { path: long, text: `SELECT ${long};` },
          range: { start: 0, end: 400 },
        },
      ],
    };
    const text = page({
      ...result,
      histories: result.histories.map((history) => ({
        ...history,
        migrations: history.migrations.map((migration) => ({ ...migration, id: long })),
      })),
    });
    await open(text, { viewport: { width: 320, height: 900 } }, async (shown) => {
      await unfold(shown);
      expect(await sideways(shown)).toBe(0);
    });
  });

  test("the tab key leads from the skip link over the contents to the boxes and what is folded; they work without a mouse", async () => {
    await open(page(SAMPLE), { viewport: { width: 1000, height: 800 } }, async (shown) => {
      const focused = () =>
        shown.evaluate(
          () =>
            `${document.activeElement.localName} ${document.activeElement.id || document.activeElement.textContent.replace(/\s+/g, " ").trim()}`,
        );
      const order: string[] = [];
      for (let at = 0; at < 9; at++) {
        await shown.keyboard.press("Tab");
        order.push(await focused());
      }
      expect(order).toEqual([
        "a Skip to the checklist",
        "a Checklist",
        "a Findings",
        "a Timeline of locks",
        "a Branches",
        "a What was not checked",
        "input item-findings",
        "summary How many orphans are there? 0 means that the constraint can be added. SQL",
        "input item-backup",
      ]);
      expect(await shown.evaluate(() => getComputedStyle(document.activeElement).outlineStyle)).toBe("solid");
      await shown.keyboard.press("Space");
      expect(await shown.locator("#item-backup").isChecked()).toBe(true);
      await shown.keyboard.press("Shift+Tab");
      await shown.keyboard.press("Enter");
      expect(await shown.locator("#item-findings ~ div pre").innerText()).toBe(
        "SELECT count(*) FROM comments AS c\nLEFT JOIN posts AS p ON p.id = c.post_id\nWHERE c.post_id IS NOT NULL AND p.id IS NULL;",
      );
    });
  });

  test("on paper everything is open, with boxes, lines to sign and the addresses of links", async () => {
    await open(rich, { viewport: { width: 700, height: 900 } }, async (shown) => {
      const pre = shown.locator("#checklist details pre").first();
      expect(
        await pre.evaluate((element: PageElement) => element.checkVisibility({ contentVisibilityAuto: true })),
      ).toBe(false);
      expect(await shown.locator(".signoff").isVisible()).toBe(false);
      await shown.emulateMedia({ media: "print" });
      const hidden = await shown
        .locator("details > *")
        .evaluateAll(
          (all: PageElement[]) => all.filter((element) => element.getBoundingClientRect().height === 0).length,
        );
      expect(hidden).toBe(0);
      expect(await shown.locator(".signoff").isVisible()).toBe(true);
      expect(await shown.locator("nav").isVisible()).toBe(false);
      expect(await shown.locator("input[type=checkbox]:visible").count()).toBe(9);
      expect(
        await shown
          .locator(".finding a")
          .first()
          .evaluate((link: PageElement) => getComputedStyle(link, "::after").content),
      ).toContain("https://example.org/lockstep/rules/orphan-cleanup-ineffective.md");
      const pdf = await shown.pdf({ preferCSSPageSize: true });
      expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
      // A4, in points.
      expect(pdf.toString("latin1")).toMatch(/\/MediaBox \[0 0 59[45]\.\d+ 84[12]\.\d+\]/);
      const pages = pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length ?? 0;
      expect(pages).toBeGreaterThan(3);
      expect(pages).toBeLessThan(12);
    });
  });

  test("a screen reader is given headings in order, landmarks, labelled boxes, tables and pictures with words", async () => {
    await open(rich, {}, async (shown) => {
      expect(await shown.getByRole("heading", { level: 1 }).allInnerTexts()).toEqual(["Production safety checklist"]);
      expect(await shown.getByRole("heading", { level: 2 }).allInnerTexts()).toEqual([
        "Checklist",
        "Findings",
        "Timeline of locks",
        "Branches",
        "What was not checked",
      ]);
      for (const name of ["Checklist", "Findings", "Timeline of locks", "Branches", "What was not checked"])
        expect(await shown.getByRole("region", { name, exact: true }).count()).toBe(1);
      for (const role of ["banner", "main", "contentinfo"] as const)
        expect(await shown.getByRole(role).count()).toBe(1);
      expect(await shown.getByRole("navigation", { name: "On this page" }).getByRole("link").count()).toBe(5);
      expect(
        await shown.getByRole("checkbox", { name: "Backup before deployment" }).getAttribute("aria-describedby"),
      ).toBe("state-backup");
      expect(await shown.getByRole("checkbox", { name: "Document issue and fix" }).isChecked()).toBe(true);
      const locks = shown.getByRole("table", { name: `Locks of ${PENDING.id} on deployed tables` });
      expect(await locks.getByRole("columnheader").allInnerTexts()).toEqual([
        "Table",
        "Lock",
        "Taken at",
        "Held until",
        "Who waits",
        "In the rehearsal",
      ]);
      expect(await locks.getByRole("row").nth(2).ariaSnapshot()).toBe(
        `- row "comments ACCESS EXCLUSIVE statement 2, line 5 the transaction ends (statement 4, line 16) reads and writes not seen":\n  - rowheader "comments":\n    - code: comments\n  - cell "ACCESS EXCLUSIVE"\n  - cell "statement 2, line 5"\n  - cell "the transaction ends (statement 4, line 16)"\n  - cell "reads and writes"\n  - cell "not seen"`,
      );
      const picture = shown.getByRole("img", { name: `Locks over the 4 statements of ${PENDING.id}` });
      expect(await picture.locator("desc").textContent()).toContain(
        "ROW EXCLUSIVE on comments from statement 1 to 4, ACCESS EXCLUSIVE on comments from statement 2 to 4",
      );
      expect(
        await shown
          .getByRole("img", { name: "Branches and the migrations in which they differ" })
          .locator("desc")
          .textContent(),
      ).toBe(
        "main (production, main): 2 migrations; develop (development): 2 migrations; hotfix/orphans (hotfix, checked here): 3 migrations. 4 folders are not the same everywhere. The table says which.",
      );
    });
  });

  test("on a narrow screen the table is still a table, and says what each value is", async () => {
    await open(rich, { viewport: { width: 320, height: 800 } }, async (shown) => {
      const cell = shown.locator("#timeline td").first();
      expect(await cell.evaluate((element: PageElement) => getComputedStyle(element, "::before").content)).toContain(
        '"Lock"',
      );
      expect(
        await shown
          .locator("#timeline table")
          .evaluate((element: PageElement) => element.getBoundingClientRect().width),
      ).toBeLessThanOrEqual(288);
    });
  });

  test("what the page says of a rehearsal and of the branches", async () => {
    await open(rich, {}, async (shown) => {
      const text = (selector: string) =>
        shown
          .locator(selector)
          .evaluateAll((all: PageElement[]) => all.map((element) => element.textContent.replace(/\s+/g, " ").trim()));
      expect(await text("#timeline .statements > li:nth-child(2) dt")).toEqual(["Predicted", "Observed 1.2 s"]);
      expect(await text("#timeline .statements > li:nth-child(2) dd li")).toEqual([
        "Takes ACCESS EXCLUSIVE on comments: reads and writes wait.",
        "Takes SHARE ROW EXCLUSIVE on posts: writes wait.",
        "May rewrite comments to fill größe.",
        "Reads comments from end to end to check every row of comments_post_id_fkey.",
        "Fails with 23503 if there are rows without a parent in comments (post_id), parents in posts. What was done about them before does not do it.",
        "An INSERT into public.comments fails where its post is gone.",
        'Failed on rows that production may hold, with 23503: insert or update on table "comments" violates a <constraint>',
        "Took ACCESS EXCLUSIVE on comments: reads and writes wait.",
        "Took SHARE ROW EXCLUSIVE on posts: writes wait.",
        "Rewrote comments.",
        "Read comments from end to end.",
        "3 rows of comments whose post_id has no parent in posts were there: it failed with 23503.",
        "Differs from what lockstep said: predicted a scan of posts, and PostgreSQL did not read it from end to end.",
      ]);
      expect(await text("#timeline .statements .note")).toEqual([
        "line 2, in a transaction",
        "line 5, in a transaction",
        "line 9, in a transaction, while comments and posts stay locked",
        "line 16, last of its transaction, while comments and posts stay locked",
      ]);
      expect(await text("#branches tbody tr")).toEqual([
        "20250101000000_initmain and hotfix/orphans, with another text on develop––",
        "20260101000000_paiddevelopmain and hotfix/orphans–",
        "20260115000000_gonemain and hotfix/orphansdevelop–",
        `${PENDING.id}hotfix/orphansmain and develop–`,
      ]);
      expect(await text("#branches svg.branches .name")).toEqual(["main", "develop", "hotfix/orphans"]);
      expect(await text("#unchecked h3")).toEqual([
        "Not understood",
        "Rules that did not run",
        "About the files",
        "Left out of the rehearsal",
        "Not seen",
      ]);
    });
  });

  test("no request leaves it, and SQL that tries to run something does not", async () => {
    const evil = `</code></pre></style></title></textarea><script>document.title='owned';console.log('ran')</script><img src="http://127.0.0.1:9/x" onerror="document.title='owned'"><svg/onload=console.log('ran')>'"--!>]]>`;
    const [first] = SAMPLE.findings as [Finding];
    const made = (findings: readonly Finding[]): string =>
      page({ ...SAMPLE, findings }, { ...OPTIONS, ruleUrl: () => `https://x/"><script>console.log('ran')</script>` });
    const text = made([
      {
        ...first,
        message: evil,
        help: evil,
        rule: evil,
        file: { path: evil, text: evil },
        range: { start: 0, end: evil.length },
        queries: [{ title: evil, sql: evil }],
      },
    ]);
    await open(text, {}, async (shown, { requests, logged }) => {
      await shown.waitForTimeout(100);
      expect({ requests, logged, title: await shown.title() }).toEqual({
        requests: [],
        logged: [],
        title: `Production safety checklist: ${PENDING.id}`,
      });
      expect(await shown.locator("script, img, [onload], [onerror]").count()).toBe(0);
      expect(await shown.locator("#findings .message").textContent()).toBe(evil);
    });
  });

  test("even if something were let through, the policy would stop it", async () => {
    const asked: string[] = [];
    const server = createServer(({ url }, response) => {
      asked.push(url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const there = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const text = page(SAMPLE).replace(
      "<main>",
      `<main><script>document.title='owned'</script><img src="${there}/image" onerror="document.title='owned'" /><p id="styled" style="position: fixed">x</p><iframe src="${there}/frame"></iframe>`,
    );
    const outcome = async (bypassCSP: boolean) => {
      asked.length = 0;
      const context = await browser.newContext({ bypassCSP });
      const shown = await context.newPage();
      await shown.setContent(text);
      await shown.waitForTimeout(150);
      const seen = {
        title: await shown.title(),
        asked: [...asked].sort(),
        position: await shown.locator("#styled").evaluate((element: PageElement) => getComputedStyle(element).position),
      };
      await context.close();
      return seen;
    };
    try {
      expect(await outcome(false)).toEqual({
        title: `Production safety checklist: ${PENDING.id}`,
        asked: [],
        position: "static",
      });
      // Without the policy all of it happens: this test can fail.
      expect(await outcome(true)).toEqual({ title: "owned", asked: ["/frame", "/image"], position: "fixed" });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  test("whatever a text is, the reader sees it, and it makes no element", async () => {
    const unit = fc.oneof(
      fc.constantFrom(
        "\r\n",
        "\n",
        "\r",
        "\t",
        "<",
        ">",
        "&",
        '"',
        "'",
        "</script>",
        "<!--",
        "]]>",
        "&lt;",
        "\u2028",
        "\u202E",
        "\uD800",
        "\uFEFF",
        "\0",
        "漢",
        "👩‍👩‍👧",
        " ",
      ),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    );
    const words = fc.string({ unit, minLength: 1, maxLength: 60 }).filter((text) => !text.includes("`"));
    const [first] = SAMPLE.findings as [Finding];
    const [init, pending] = SAMPLE.histories[0]?.migrations as [typeof PENDING, typeof PENDING];
    await open("<p></p>", {}, async (shown) => {
      await fc.assert(
        fc.asyncProperty(words, words, words, async (sql, message, relation) => {
          const file = { path: message, text: sql };
          const statement = {
            ...PENDING.statements[1],
            deployed: new Set([relation]),
            effects: {
              ...PENDING.statements[1]?.effects,
              locks: [{ relation, mode: "AccessExclusiveLock", certainty: "sure", partner: false }],
            },
          } as (typeof PENDING.statements)[number];
          const text = page({
            ...SAMPLE,
            findings: [
              {
                ...first,
                rule: message,
                message,
                help: message,
                file,
                range: { start: 0, end: sql.length },
                queries: [{ title: message, sql }],
                related: [],
                fixes: [],
              },
            ],
            histories: [
              {
                ...(SAMPLE.histories[0] as CheckResult["histories"][number]),
                migrations: [init, { ...pending, statements: [statement] }],
              },
            ],
          });
          const read = await shown.evaluate((source) => {
            const parsed = new DOMParser().parseFromString(source, "text/html");
            const say = (selector: string) => parsed.querySelector(selector)?.textContent ?? null;
            return {
              message: say("#findings .message"),
              rule: say("#findings h4 a"),
              sql: say("#findings details pre"),
              frame: [...parsed.querySelectorAll("#findings .frame .text")].map((line) => line.textContent).join(""),
              relation: say("#timeline tbody th"),
              names: [...new Set([...parsed.querySelectorAll("*")].map(({ localName }) => localName))],
            };
          }, text);
          const line = (raw: string): string => visible(raw.replace(/[ \t\r\n]+/g, " "));
          expect(read).toMatchObject({
            message: line(message),
            rule: visible(message),
            sql: visible(sql),
            relation: line(relation.replace(/^public\./, "")),
          });
          expect(read.names.filter((name) => !ELEMENTS.has(name))).toEqual([]);
          // The frame ends its lines its own way, and leaves out a byte order mark and the end of a long range.
          const lines = sql
            .replace(/^\uFEFF/, "")
            .replace(/[\r\n]+$/, "")
            .split(/\r\n|\r|\n/);
          if (lines.length <= 12 && /[^\r\n]/.test(sql))
            expect(read.frame).toBe(lines.map((each) => `${visible(each)}\n`).join(""));
          strict(text);
        }),
        { numRuns: 60 },
      );
    });
  });
});

const ELEMENTS = new Set(
  "html head meta title style body a header p span strong h1 h2 h3 h4 ol ul li code dl dt dd div nav main section input label details summary pre mark article figure svg desc line text g rect tspan circle path table caption thead tbody tr th td defs pattern footer del ins wbr".split(
    " ",
  ),
);
