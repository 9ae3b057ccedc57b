import type { Io } from "../../project/io.ts";

/** Surfaces beside this one, which it only starts: each is loaded when it is asked for. They give an exit code. */
export interface OtherSurfaces {
  lsp(io: Io): Promise<number>;
  init(flags: InitFlags, io: Io): Promise<number>;
  doctor(flags: DoctorFlags, io: Io): Promise<number>;
}

export const CI_CHOICES = ["github", "gitlab", "none"] as const;

export interface InitFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly ci?: (typeof CI_CHOICES)[number];
  readonly hook?: boolean;
  readonly baseline?: boolean;
  readonly color?: boolean;
}

export const DOCTOR_FORMATS = ["text", "json"] as const;

export interface DoctorFlags {
  readonly config?: string;
  readonly format: (typeof DOCTOR_FORMATS)[number];
  readonly color?: boolean;
}
