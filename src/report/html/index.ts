import { page } from "./page.ts";
import type { Format } from "../options.ts";

/**
 * One self-contained page to look at, to print and to keep with the release: the checklist with its evidence, the findings, the locks
 * statement by statement, the branches and what was not checked. It needs no script and asks no network.
 */
export const html: Format = { name: "html", render: page };
