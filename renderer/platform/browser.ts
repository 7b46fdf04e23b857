/** The browser tab: a WebSocket to the loopback host, authorised by a token that session.ts comes by. */
import { createClient } from '../../shared/rpc/client.ts';
import { webSocketChannel } from '../../shared/rpc/web-socket-channel.ts';
import type { WebSocketLike } from '../../shared/rpc/web-socket-channel.ts';
import type { Client } from '../../shared/rpc/service.ts';
import type { Platform, UploadProgress } from './platform.ts';
import type { Session } from './session.ts';
import { NO_ANSWER } from './session.ts';

export function browserPlatform(location: Location, session: Session): Platform {
  return {
    connect: async () => openSocket(location, await session.letIn()),
    async pathsOf(files, onProgress, signal) {
      const totalBytes = files.reduce((sum, file) => sum + file.size, 0);
      const paths: string[] = [];
      let before = 0;
      for (const file of files) {
        paths.push(
          await upload(
            file,
            session.token,
            (sent) => {
              onProgress({ sentBytes: before + sent, totalBytes });
            },
            signal,
          ),
        );
        before += file.size;
      }
      onProgress({ sentBytes: totalBytes, totalBytes } satisfies UploadProgress);
      return paths;
    },
  };
}

/** Tokens travel as a subprotocol: a WebSocket handshake carries no other header of ours. */
function openSocket(location: Location, token: string): Promise<Client> {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}/rpc`, ['resetscope', `token.${token}`]);
  return new Promise((resolve, reject) => {
    const client = createClient(webSocketChannel(socket as unknown as WebSocketLike));
    socket.addEventListener('open', () => {
      resolve(client);
    });
    socket.addEventListener('close', () => {
      reject(new Error(NO_ANSWER));
    });
  });
}

/** fetch() reports no upload progress, and captures are large: hence XMLHttpRequest. */
function upload(
  file: File,
  token: string,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/upload?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('x-resetscope-token', token);
    request.upload.addEventListener('progress', (event) => {
      onSent(event.loaded);
    });
    request.addEventListener('load', () => {
      const path = request.status === 200 ? pathIn(request.responseText) : undefined;
      if (path !== undefined) resolve(path);
      else reject(new Error(refusalText(file.name, request.status, request.responseText)));
    });
    request.addEventListener('error', () => {
      reject(new Error(`${file.name} could not be sent: the connection to Resetscope broke.`));
    });
    request.addEventListener('abort', () => {
      reject(new DOMException('cancelled', 'AbortError'));
    });
    signal.addEventListener('abort', () => {
      request.abort();
    });
    request.send(file);
  });
}

function pathIn(text: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null || !('path' in answer)) return undefined;
    return typeof answer.path === 'string' ? answer.path : undefined;
  } catch {
    return undefined;
  }
}

function refusalText(name: string, status: number, said: string): string {
  if (status === 401 || status === 403)
    return `${name} was refused: this page is not let in any more. Load it again.`;
  // The host says in words for people what it lacks.
  if (status === 413 || status === 503 || status === 507) return `${name} was refused: ${said.trim()}.`;
  return `${name} could not be sent (HTTP status ${status}).`;
}
