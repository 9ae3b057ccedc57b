import { afterAll, beforeAll, expect, test } from "vitest";
import { embeddedStage } from "../src/rehearsal/stage/embedded/index.ts";
import { describeForPrisma, prismaDiff } from "../src/rehearsal/schema/engine.ts";
import type { Session } from "../src/rehearsal/stage/session.ts";
import type { Outcome } from "../src/source/outcome.ts";

const stage = embeddedStage({ extensions: [] });
let session: Session;
beforeAll(async () => {
  session = value(await stage.fresh());
}, 60_000);
afterAll(() => stage.close());

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

test("the difference between two states of one database, as Prisma prints it", async () => {
  await session.run(`
    CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN');
    CREATE TABLE "User" ("id" SERIAL NOT NULL, "email" TEXT NOT NULL, "role" "Role" NOT NULL DEFAULT 'USER', "tags" TEXT[], "big" BIGINT DEFAULT 9223372036854775807, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
    CREATE UNIQUE INDEX "User_email_key" ON "User"("email");`);
  const before = value(await describeForPrisma(session));
  await session.run("BEGIN");
  await session.run(`
    ALTER TABLE "User" DROP COLUMN "tags", ALTER COLUMN "big" DROP DEFAULT;
    DROP INDEX "User_email_key";
    CREATE TABLE "Post" ("id" BIGINT NOT NULL, "userId" INTEGER NOT NULL, CONSTRAINT "Post_pkey" PRIMARY KEY ("id"), CONSTRAINT "Post_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE);`);
  const after = value(await describeForPrisma(session));
  await session.run("ROLLBACK");
  expect(value(await prismaDiff(after, before))).toBe(
    `-- DropForeignKey
ALTER TABLE "public"."Post" DROP CONSTRAINT "Post_userId_fkey";

-- AlterTable
ALTER TABLE "public"."User" ADD COLUMN     "tags" TEXT[],
ALTER COLUMN "big" SET DEFAULT 9223372036854775807;

-- DropTable
DROP TABLE "public"."Post";

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "public"."User"("email" ASC);
`,
  );
  expect(value(await prismaDiff(before, value(await describeForPrisma(session))))).toBe("");
});

test("a database that cannot be asked is a sentence", async () => {
  await session.run("BEGIN");
  await session.run("SELECT 1/0");
  expect(await describeForPrisma(session)).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^Prisma's schema engine cannot compare the schemas: /) as unknown,
  });
  await session.run("ROLLBACK");
});
