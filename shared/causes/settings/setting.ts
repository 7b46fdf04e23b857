/**
 * A setting of a system that people run, which brings a cause about or cures it. The files beside this one hold them by families of
 * timers and limits; each is written once, and causes refer to them.
 *
 * A default stands here only where the source says it, and says it of the version that `since` names.
 */
export interface Setting {
  /** "nginx", "AWS Network Load Balancer" */
  readonly system: string;
  /** By its name in configuration. */
  readonly setting: string;
  /** With its unit; what it means where it is no number. */
  readonly default: string;
  /** From which version on, and what it was before, where it changed. */
  readonly since?: string;
  /** https URL of the system's own document. */
  readonly source: string;
}
