import { defineRule } from "../../src/index.ts";
import {
  type MissingPort,
  copyFolder,
  divergenceIn,
  git,
  isLasting,
  listed,
  placeOf,
  together,
} from "../../src/rule-kit.ts";

export default defineRule({
  id: "missing-forward-port",
  title: "A hotfix of production has not come to main or development",
  category: "divergence",
  severity: "error",
  since: "0.2.0",
  messages: {
    absent:
      "{lacking} {lacks} {migrations}, which production ({production}) has: databases of {lacking} do not have what {they} did, and work goes on without it.",
    instead:
      "{lacking} has {migrations} of production ({production}) {how}: where both arrive the two are not one to Prisma.",
    port: "This hotfix is for {target}, and {branches} {lack} it: once it is deployed, merge it there too, the same folder, byte for byte.",
  },
  help: "Bring the folder over under its own name and byte for byte, by a merge or by the command, or it runs twice where both arrive.",
  needs: ["divergence"],
  on: {
    history(history, context) {
      const divergence = divergenceIn(context.evidence, history);
      const place = placeOf(history);
      if (!divergence || !place) return;
      const { all, target, others, ports, added } = divergence;
      const production = [target, ...others].find(({ branch }) => branch.roles.includes("production"));
      const isOurs = isLasting(all.ours);
      // What the target alone lacks is not this branch's doing, and what this branch brings is on its way.
      const severity = isOurs ? undefined : ("warning" as const);
      const differs = new Set(
        production?.divergence.facts.flatMap((fact) => (fact.kind === "edited" ? [fact.theirs.id] : [])),
      );
      const brings = ({ migration: { id } }: MissingPort): boolean =>
        !isOurs && !differs.has(id) && history.migrations.some((each) => each.id === id);
      const open = ports.filter((port) => !brings(port));
      // What ours took away from its target is another rule's.
      const absent = open.filter(({ state }) => state === "absent" || (state === "deleted" && production !== target));
      const lacking = isOurs ? (all.ours.name === "HEAD" ? "this branch" : all.ours.name) : target.branch.name;
      if (production && absent.length > 0) {
        const data = {
          lacking,
          lacks: "lacks",
          migrations: listed(
            absent.map(({ migration }) => migration.id),
            3,
          ),
          production: production.branch.name,
          they: absent.length === 1 ? "it" : "they",
        };
        context.report({
          ...place,
          message: "absent",
          severity,
          data,
          commands: absent.map(({ migration }) => copyFolder(history.root, production, migration.id)),
        });
      }
      // Of ours and its target other rules say this, at the folder.
      const instead =
        production === target ? [] : open.filter(({ state }) => state !== "absent" && state !== "deleted");
      const edited = instead.filter(({ state }) => state === "edited");
      // Old texts of a whole history are one matter to a branch that has nothing to do with them.
      for (const ports of isOurs
        ? instead.map((port) => [port])
        : [edited, ...instead.filter((port) => !edited.includes(port)).map((port) => [port])]) {
        const [first] = ports;
        if (!production || !first) continue;
        const own = placeOf(history, first.instead?.id) ?? place;
        const how = first.state === "edited" ? "with another text" : `under another name, ${first.instead?.id ?? ""}`;
        context.report({
          ...own,
          message: "instead",
          severity,
          data: {
            lacking,
            migrations: listed(
              ports.map(({ migration }) => migration.id),
              3,
            ),
            production: production.branch.name,
            how,
          },
          commands: ports.map(({ migration }) => copyFolder(history.root, production, migration.id)),
        });
      }
      if (!all.ours.roles.includes("hotfix") || added.size === 0) return;
      const waiting = others.filter(
        ({ branch, divergence: between }) => isLasting(branch) && between.onlyOurs.some(({ id }) => added.has(id)),
      );
      if (waiting.length === 0) return;
      context.report({
        ...place,
        message: "port",
        severity: "info",
        data: {
          target: target.branch.name,
          branches: listed(
            waiting.map(({ branch }) => branch.name),
            3,
          ),
          lack: waiting.length === 1 ? "lacks" : "lack",
        },
        help: "Nothing has to be done before the deployment.",
        commands: waiting.map(({ branch }) =>
          together(git.switch(branch.name), git.merge(all.ours.name === "HEAD" ? target.branch.name : all.ours.name)),
        ),
      });
    },
  },
});
