import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { besideSchema, packageSchema } from "../../source/disk/schema.ts";
import { PRISMA_CONFIG_EXTENSIONS, type PrismaConfig, readPrismaConfig } from "../../source/prisma-config.ts";
import type { DatabaseSource } from "../evidence.ts";

/**
 * Where Prisma has the address of the database from, for the migrations in `from` (absolute): `datasource` of the prisma.config file
 * that is theirs, else the datasource block of their schema. Both are read and not run. Undefined where there is neither.
 * `top` and `shown` as for `findPrisma`.
 */
export function findDatabase(
  from: string,
  top: string | undefined,
  shown: (absolute: string) => string,
): DatabaseSource | undefined {
  let schema: string | undefined;
  for (const directory of upward(dirname(from), top)) {
    for (const { file, base } of configsOf(directory)) {
      const config = readPrismaConfig(read(file));
      if (!isOf(config, base, from)) continue;
      // https://www.prisma.io/docs/orm/reference/prisma-config-reference#datasourceurl
      if (config.datasource) {
        const { url } = config.datasource;
        return { variables: url === undefined ? [] : [url], from: shown(file) };
      }
      if (config.schema !== undefined) schema ??= resolve(base, config.schema);
    }
    const manifest = join(directory, "package.json");
    const own = packageSchema(read(manifest));
    if (own !== undefined && besideSchema(resolve(directory, own)) === from) schema ??= resolve(directory, own);
    if (top === undefined && existsSync(manifest)) break;
  }
  for (const file of filesOf(schema ?? dirname(from))) {
    const variables = datasourceVariables(read(file));
    if (variables) return { variables, from: shown(file) };
  }
  return undefined;
}

/** The prisma.config files that a directory may have, each with the directory that its paths are counted from. */
function configsOf(directory: string): readonly { readonly file: string; readonly base: string }[] {
  return PRISMA_CONFIG_EXTENSIONS.flatMap((extension) => [
    { file: join(directory, `prisma.config.${extension}`), base: directory },
    { file: join(directory, ".config", `prisma.${extension}`), base: join(directory, ".config") },
  ]).filter(({ file }) => existsSync(file));
}

/** Whether a configuration is that of the migrations in `from`. One that names no path has them where Prisma looks by default. */
function isOf({ migrationsPath, schema }: PrismaConfig, base: string, from: string): boolean {
  const bases = base.endsWith(".config") ? [base, dirname(base)] : [base];
  if (migrationsPath !== undefined) return bases.some((each) => resolve(each, migrationsPath) === from);
  if (schema !== undefined) return bases.some((each) => besideSchema(resolve(each, schema)) === from);
  return bases.some((each) => [each, join(each, "prisma")].includes(dirname(from)));
}

/** The schema's files: itself, or those of its folder. */
function filesOf(schema: string): readonly string[] {
  if (!statSync(schema, { throwIfNoEntry: false })?.isDirectory()) return [schema];
  return readdirSync(schema, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".prisma"))
    .map(({ name }) => join(schema, name))
    .sort();
}

/**
 * The variables of a schema's datasource block: `directUrl` first, by which migrations connect where it is there. Undefined where the
 * text has no such block, or one without an address, as from version 7 on.
 * https://www.prisma.io/docs/orm/reference/prisma-schema-reference#datasource
 */
function datasourceVariables(text: string): readonly string[] | undefined {
  const block = /\bdatasource\s+\w+\s*\{([^}]*)\}/.exec(
    text.replace(/^((?:[^"\n/]|"(?:[^"\\\n]|\\.)*"|\/(?!\/))*)\/\/.*$/gm, "$1"),
  )?.[1];
  if (block === undefined) return undefined;
  const fields = [...block.matchAll(/^\s*(directUrl|url)\s*=\s*(?:env\(\s*"([^"]+)"\s*\)|.*)/gm)];
  const variableOf = (name: string): string | undefined => fields.find((field) => field[1] === name)?.[2];
  if (fields.length === 0) return undefined;
  const has = (name: string): boolean => fields.some((field) => field[1] === name);
  // What migrations connect by has to be known, or nothing is.
  const used = variableOf(has("directUrl") ? "directUrl" : "url");
  const other = has("directUrl") ? variableOf("url") : undefined;
  return used === undefined ? [] : [...new Set([used, ...(other === undefined ? [] : [other])])];
}

function* upward(from: string, top: string | undefined): Generator<string> {
  for (let directory = from; ; directory = dirname(directory)) {
    yield directory;
    if (directory === top || dirname(directory) === directory) return;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // What nobody can read says nothing.
    return "";
  }
}
