/** Which fleet it is, and how much is in it. */
import { Database, FolderOpen, RefreshCw } from 'lucide-react';
import { countText, plural } from '../../../shared/format/count.ts';
import type { FleetSummary } from '../../../shared/model/fleet.ts';
import { useApp } from '../../core/app-context.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { fleetName, spanText, tableText } from '../../words/fleet-text.ts';

export function FleetHead({ place, summary }: { readonly place: string; readonly summary: FleetSummary }) {
  const { actions } = useApp();
  const { store, hosts, sites, fromMs, toMs, resets, flows } = summary;
  return (
    <header className="fleet-head">
      <div className="fleet-title">
        {store === 'folder' ? (
          <FolderOpen size={18} strokeWidth={1.6} aria-hidden="true" />
        ) : (
          <Database size={18} strokeWidth={1.6} aria-hidden="true" />
        )}
        <h2 title={tableText(place)}>{fleetName(place)}</h2>
        <span className="fleet-numbers num">
          {plural(hosts.length, 'host')} at {plural(sites.length, 'site')} · {countText(flows)} flows ·{' '}
          {countText(resets)} resets
          {fromMs === null || toMs === null ? '' : ` · ${spanText(fromMs, toMs)}`}
        </span>
      </div>
      <div className="fleet-tools">
        <IconButton
          label="Read the fleet anew"
          icon={<RefreshCw size={14} aria-hidden="true" />}
          onClick={() => void actions.openFleet(place)}
        />
        <Button
          look="quiet"
          onClick={() => {
            actions.leaveFleet();
          }}
        >
          Another fleet…
        </Button>
      </div>
    </header>
  );
}
