import type { OtherSurfaces } from "./surfaces/cli/others.ts";

/** What the command line starts besides its own commands: surfaces import nothing from each other. */
export const OTHERS: OtherSurfaces = {
  lsp: async (io) => (await import("./surfaces/lsp/main.ts")).runLsp(io),
  init: async (flags, io) => (await import("./surfaces/setup/init.ts")).runInit(flags, io),
  doctor: async (flags, io) => (await import("./surfaces/setup/doctor/index.ts")).runDoctor(flags, io),
};
