// Required into a measured process: writes the most memory that it held at a time, in kilobytes.
process.on("exit", () =>
  require("node:fs").writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)),
);
