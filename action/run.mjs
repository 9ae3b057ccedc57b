import { runAction } from "./action.mjs";

process.exitCode = await runAction(process.env, (text) => {
  process.stdout.write(text);
});
