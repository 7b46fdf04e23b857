/** Fleets that can be looked at, and what can be done with the one that is. */
import type { App } from '../core/app-context.ts';
import { fleetName } from '../words/fleet-text.ts';
import type { Command } from './command.ts';

/** More would hide everything else in the palette. */
const MOST = 5;

export function fleetCommands({ store, actions }: App): Command[] {
  const { fleets, fleet, view } = store.getState();
  const commands = (fleets?.places ?? []).slice(0, MOST).map(({ place }): Command => ({
    id: `fleet ${place}`,
    section: 'Fleet',
    title: `Look at the fleet ${fleetName(place)}`,
    words: ['many hosts', 'sites', 'store', 'clickhouse', 'parquet', place],
    run: () => {
      actions.showFleet(place);
    },
  }));
  if (view !== 'fleet' || fleet.state !== 'open') return commands;
  const { place } = fleet;
  return [
    {
      id: 'fleet-anew',
      section: 'Fleet',
      title: 'Read the fleet anew',
      words: ['reload', 'refresh', 'update'],
      run: () => void actions.openFleet(place),
    },
    {
      id: 'fleet-all',
      section: 'Fleet',
      title: 'Ask for all of the fleet',
      words: ['scope', 'filter', 'clear', 'everything'],
      run: () => {
        actions.clearScope();
      },
    },
    {
      id: 'fleet-other',
      section: 'Fleet',
      title: 'Look at another fleet…',
      words: ['open', 'store', 'folder', 'server'],
      run: () => {
        actions.leaveFleet();
      },
    },
    ...commands,
  ];
}
