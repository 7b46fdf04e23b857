/**
 * How the page gets MessagePorts from the preload script. No port can be returned across Electron's context bridge, so
 * the page asks with a nonce, and the preload script posts the ports to the page's own window with that nonce.
 */

/** Of the browser's Window. */
export interface PortWindow<P> {
  addEventListener(type: 'message', listener: (event: PortEvent<P>) => void): void;
  removeEventListener(type: 'message', listener: (event: PortEvent<P>) => void): void;
}
export interface PortEvent<P> {
  readonly data: unknown;
  readonly source: unknown;
  readonly ports: readonly P[];
}

/** What a page is connected with on the desktop. */
export interface AcquiredPorts<P> {
  /** Answers what looks at the analysis. */
  readonly engine: P;
  /** Answers whatever reaches further. */
  readonly host: P;
}

/** `request` is the preload script's; the nonce is one that nobody can guess. */
export function acquirePorts<P>(
  window: PortWindow<P>,
  nonce: string,
  request: (nonce: string) => void,
): Promise<AcquiredPorts<P>> {
  return new Promise((resolve, reject) => {
    const onMessage = (event: PortEvent<P>): void => {
      // Frames and other windows can post to this one too.
      if (event.source !== window || event.data !== nonce) return;
      window.removeEventListener('message', onMessage);
      if (event.ports.length === 2) resolve({ engine: event.ports[0], host: event.ports[1] });
      else reject(new Error('the process that reads captures is not running'));
    };
    window.addEventListener('message', onMessage);
    request(nonce);
  });
}
