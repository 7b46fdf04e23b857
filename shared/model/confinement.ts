/** Whether the process that reads captures is confined: hostile bytes that took it over could reach nothing. */
export interface Confinement {
  readonly isConfined: boolean;
  /** Why not, or what is missing in it; null where all holds. */
  readonly why: string | null;
}
