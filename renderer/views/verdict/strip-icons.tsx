/** Small signs of what devices are, 12 px, drawn in the colour of the ground on the device's own mark. */
import type { ReactNode } from 'react';

/** @param maker as makerWord calls it */
export function makerIcon(maker: string): ReactNode {
  if (maker.includes('firewall')) return <path d="M2 3h8v6H2zM2 6h8M6 3v3M4 6v3M8 6v3" />;
  if (maker.includes('balancer') || maker.includes('proxy'))
    return <path d="M6 2v3M6 5 2.5 9M6 5l3.5 4M6 5v4" />;
  if (maker.includes('translation')) return <path d="M2 4h7L7 2M10 8H3l2 2" />;
  return null;
}
