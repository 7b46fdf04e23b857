/** A value that is shown and that can be filtered for: click or Enter opens what can be done with it. */
import type { ReactNode } from 'react';

export interface FieldValueProps {
  /** Name of the field as filters write it: `ip.addr`. */
  readonly field: string;
  /** The value as filters write it, without quotes: `10.0.0.1`, `GET`. Strings are quoted where the field's type asks for it. */
  readonly value: string;
  /** What is shown; the value where there is nothing else to say. */
  readonly children?: ReactNode;
}

export function FieldValue({ value, children }: FieldValueProps) {
  return <>{children ?? value}</>;
}
