import { isLasting } from "../../model/divergence/roles.ts";
import { sh } from "../../advice/programs/command.ts";
import { git } from "../../advice/programs/git.ts";
import { counted, listed } from "../../words.ts";
import type { ChecklistItem, ItemCommand } from "./item.ts";
import type { Pending } from "./pending.ts";
import { named } from "../named.ts";

/** A hotfix is done when the branches where work goes on have it too, as it was deployed. */
export function mergedItem({ result, migrations }: Pending): ChecklistItem {
  const base = { id: "merged" as const, title: "Merged back to main and development" };
  const { divergence, unavailable } = result.evidence;
  if (!divergence)
    return {
      ...base,
      state: "not known",
      because:
        unavailable?.divergence ??
        "The branches were not compared: that needs a base (`--base`), and migrations in a git repository.",
      run: [],
    };
  const { ours, target } = divergence;
  const isHotfix = ours.roles.includes("hotfix") || (target.roles.includes("production") && !isLasting(ours));
  if (!isHotfix)
    return {
      ...base,
      state: "not needed",
      because: `${named(ours.name)} is no hotfix for production: it goes the way of every change, into ${named(target.name)}.`,
      run: [],
    };
  const lasting = divergence.others.filter(isLasting);
  if (lasting.length === 0)
    return {
      ...base,
      state: "not needed",
      because: `Work goes on from ${named(target.name)} alone: there is no other main or development branch.`,
      run: [],
    };
  const pending = new Set(migrations.map(({ id }) => id));
  const lacking = lasting.flatMap((branch) => {
    const ids = [...divergence.histories.values()].flatMap(({ ours: own, others }) => {
      const there = others.find((each) => each.branch === branch);
      if (!there) return [];
      const has = new Set(there.migrations.map(({ id }) => id));
      const edited = new Set(there.divergence.facts.flatMap((fact) => (fact.kind === "edited" ? [fact.ours.id] : [])));
      return own.map(({ id }) => id).filter((id) => pending.has(id) && (!has.has(id) || edited.has(id)));
    });
    return ids.length > 0 ? [{ branch, ids }] : [];
  });
  if (lacking.length === 0)
    return {
      ...base,
      state: "done",
      because: `${listed(lasting.map(({ name }) => named(name)))} ${lasting.length === 1 ? "has" : "have"} ${pending.size === 1 ? "it" : "them"} as ${pending.size === 1 ? "it is" : "they are"} here.`,
      run: [],
    };
  const from = ours.name === "HEAD" ? target.name : ours.name;
  return {
    ...base,
    state: "needs you",
    because: `${lacking.map(({ branch, ids }) => `${named(branch.name)} lacks ${ids.length > 3 ? counted(ids.length, "migration") : listed(ids.map(named))}.`).join(" ")} Merge after the deployment, so that the folder stays the same byte for byte: generated again, it would run twice.`,
    run: lacking.map(
      ({ branch }): ItemCommand => ({
        title: `After the deployment: merge into ${branch.name}`,
        ...sh(git.switch(branch.name), git.merge(from)),
      }),
    ),
  };
}
