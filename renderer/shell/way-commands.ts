/** Back, forward, and the link to what is shown. */
import type { App } from '../core/app-context.ts';
import { placeLink } from '../core/place-link.ts';
import type { Command } from './command.ts';

export function wayCommands(app: App): Command[] {
  const { store, trail } = app;
  const { canGoBack, canGoForward } = store.getState();
  const commands: Command[] = [];
  if (canGoBack)
    commands.push({
      id: 'back',
      section: 'Go to',
      title: 'Back to what was looked at before',
      keys: 'alt+ArrowLeft',
      words: ['history', 'previous'],
      run: () => {
        trail.back();
      },
    });
  if (canGoForward)
    commands.push({
      id: 'forward',
      section: 'Go to',
      title: 'Forward again',
      keys: 'alt+ArrowRight',
      words: ['history', 'next'],
      run: () => {
        trail.forward();
      },
    });
  const at = store.getState().place;
  if (at !== null && 'at' in at && at.at !== null) {
    const address = at.at;
    commands.push({
      id: 'wireshark',
      section: 'Go to',
      title: `Open in Wireshark at frame ${address.frame}`,
      keys: 'w',
      words: ['packet', 'tshark', 'external'],
      run: () => void app.actions.openInWireshark(address),
    });
  }
  commands.push({
    id: 'copy-link',
    section: 'Go to',
    title: 'Copy link to what is shown',
    keys: 'y',
    words: ['address', 'url', 'share', 'deep link', 'clipboard'],
    run: () => void copyLink(app),
  });
  return commands;
}

async function copyLink({ store, trail, actions }: App): Promise<void> {
  const { capabilities, captures, summary } = store.getState();
  const shown = captures.find(({ isShown }) => isShown);
  const paths = shown?.paths ?? summary?.files.map(({ path }) => path) ?? [];
  const base = capabilities?.host === 'electron' ? null : trail.base;
  await actions.copy(placeLink({ place: await trail.place(), base, paths }), 'the link');
}
