import type { Client } from "pg";

export type Connect = (database: string) => Promise<Client>;
export type Part = "control" | "session" | "cleaner" | "guardian";
export function applicationName(token: string, part: Part): string;
export function databaseName(token: string, number: number): string;
export function connectionLimit(name: string): number;
export function comment(name: string): string;
export function creation(name: string, clauses: string): [create: string, mark: string];
export function dropLeftovers(client: Client, connect: Connect): Promise<void>;
export function dropRun(client: Client, token: string, connect: Connect): Promise<void>;
export function dropDatabase(client: Client, name: string, connect: Connect): Promise<void>;
