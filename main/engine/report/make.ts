/** Makes a report out of an analysis: one reset, one finding, one connection, all failures, or the whole capture with its findings first. */
import { causeOf } from '../../../shared/causes/list.ts';
import { countText, plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import { dateAndTime, isoTime } from '../../../shared/format/time.ts';
import type { FailureGroup } from '../../../shared/model/failure.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type {
  Report,
  ReportCase,
  ReportNote,
  ReportSubject,
  ReportTable,
  ReportTerm,
} from '../../../shared/model/report.ts';
import { REPORT_BOUNDS } from '../../../shared/model/report.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import { FAILURE_KIND_TEXTS } from '../../../shared/texts/failure-kinds.ts';
import { ORIGIN, percentText, sureText } from '../../../shared/texts/origin.ts';
import { frameName } from '../../../shared/report/frame-name.ts';
import { connectionFacts, connectionSentence, endOfConnection } from './connection-case.ts';
import { failureCase } from './failure-case.ts';
import { resetCase } from './reset-case.ts';
import { SecretBook } from './secrets.ts';
import type { ReportSource } from './source.ts';

/** Why there is nothing to report; a text for people. */
export class NothingToReport extends Error {}

export interface ReportOptions {
  readonly notes: readonly ReportNote[];
  readonly madeAt: string;
  readonly madeBy: string;
  /** It will be anonymised: what must not remain is looked for in all flows. */
  readonly isAnonymised: boolean;
}

type Body = Pick<Report, 'title' | 'what' | 'facts' | 'next' | 'tables' | 'cases' | 'moreTables'>;

/** @throws NothingToReport where the subject is not there */
export async function makeReport(
  source: ReportSource,
  subject: ReportSubject,
  { notes, madeAt, madeBy, isAnonymised }: ReportOptions,
): Promise<Report> {
  const secrets = new SecretBook();
  const maker = new BodyMaker(source, secrets);
  const body = await maker.body(subject);
  // Sentences of findings and groups name what any of their connections asked for.
  if (isAnonymised) {
    for (const { row, hints } of source.flows()) {
      secrets.ends(row.client, row.server, row.serverName);
      secrets.hints(hints ?? null);
    }
  }
  const files = await source.captured();
  for (const { interfaces, program } of files) {
    for (const { name } of interfaces) if (!GENERIC_INTERFACE.test(name)) secrets.text(name);
    secrets.text(program);
  }
  return {
    kind: subject.kind,
    ...body,
    notes: notes.slice(0, REPORT_BOUNDS.notes).map(({ on, text }) => ({
      on: sanitiseText(on, 200),
      text: sanitiseText(text, REPORT_BOUNDS.noteLength),
    })),
    files,
    lost: lost(source),
    madeAt,
    madeBy,
    isAnonymised: false,
    secrets: secrets.secrets,
  };
}

/** Names that say nothing of whose interface it is. */
const GENERIC_INTERFACE = /^(?:any|lo|eth\d+|en[ops]\w{1,6}|wlan\d+|bond\d+|)$/u;

function lost({ summary }: ReportSource): string[] {
  const texts: string[] = [];
  if (summary.dropped !== null)
    texts.push(
      summary.dropped === 0
        ? 'The capturing machine says that it lost no packet.'
        : `The capturing machine says that it lost ${plural(summary.dropped, 'packet')}.`,
    );
  else texts.push('Whether the capturing machine lost packets is not said in the file.');
  if (summary.letGo !== null)
    texts.push(`${plural(summary.letGo.packets, 'packet')} were let go to keep memory bounded.`);
  return texts;
}

class BodyMaker {
  readonly #source: ReportSource;
  readonly #secrets: SecretBook;

  constructor(source: ReportSource, secrets: SecretBook) {
    this.#source = source;
    this.#secrets = secrets;
  }

  body(subject: ReportSubject): Promise<Body> {
    switch (subject.kind) {
      case 'reset':
        return this.#reset(subject.packet);
      case 'finding':
        return this.#finding(subject.example);
      case 'flow':
        return this.#connection(subject.flow);
      case 'failures':
        return Promise.resolve(this.#failures());
      case 'capture':
        return this.#capture();
    }
  }

  async #reset(packet: number): Promise<Body> {
    const id = this.#source.resetIn(packet);
    const told = id < 0 ? undefined : await this.#resetCase(id);
    if (told === undefined)
      throw new NothingToReport('there is no reset in that frame, or its account was let go');
    const row = this.#source.resetRow(id);
    return { ...single(told), title: titleOf(row) };
  }

  async #finding(example: number): Promise<Body> {
    const finding = this.#source.findings.list.find(({ examples }) => examples.includes(example));
    if (finding === undefined)
      throw new NothingToReport('there is no such finding among those that are listed');
    const told = await this.#resetCase(finding.examples[0]);
    if (told === undefined) throw new NothingToReport('the account of this finding’s resets was let go');
    const rows = finding.examples.slice(0, REPORT_BOUNDS.rows).map((id) => this.#source.resetRow(id));
    const row = this.#source.resetRow(finding.examples[0]);
    if (finding.count === 1) return { ...single(told), title: titleOf(row) };
    this.#note(rows);
    return {
      title: titleOf(row),
      what: finding.sentence,
      facts: this.#findingFacts(finding),
      next: [finding.next],
      tables: [],
      // What is to be done stands above it already.
      cases: [{ ...told, next: told.next === finding.next ? '' : told.next }],
      moreTables: [this.#resetTable('Resets of this finding, the best evidence first', rows, finding.count)],
    };
  }

  async #connection(id: number): Promise<Body> {
    const flow = this.#source.flow(id);
    if (flow === undefined)
      throw new NothingToReport('there is no connection with that number, or it was let go');
    const { row, resets, moreResets } = flow.account;
    this.#secrets.flow(row, flow.packets);
    const cases: ReportCase[] = [];
    const failure = this.#source.failure(id);
    if (failure !== undefined) {
      this.#secrets.failure(failure);
      cases.push({ ...failureCase(failure, this.#source.epochNs), title: 'How it failed' });
    }
    for (const reset of resets.slice(0, REPORT_BOUNDS.cases - cases.length)) {
      const told = await this.#resetCase(reset.row.id);
      if (told !== undefined) cases.push({ ...told, title: 'Reset' });
    }
    const end = cases.length === 0 ? endOfConnection(flow) : undefined;
    const rows = resets.slice(0, REPORT_BOUNDS.rows).map((reset) => reset.row);
    const all = resets.length + moreResets;
    return {
      title: `Connection ${row.client} → ${row.server}`,
      what: connectionSentence(row),
      facts: connectionFacts(flow, this.#source.epochNs),
      next: [],
      tables: [],
      cases: end === undefined ? cases : [end],
      moreTables: all > 1 ? [this.#resetTable('Resets of this connection', rows, all)] : [],
    };
  }

  #failures(): Body {
    const { endings } = this.#source;
    if (endings.groups.length === 0)
      throw new NothingToReport('no connection failed without a reset in this capture');
    const told = this.#failureCases(REPORT_BOUNDS.cases);
    return {
      title: 'Connections that failed without a reset',
      what: endings.headline,
      facts: [
        {
          term: 'Connections',
          text: `${plural(endings.connections, 'connection')}, ${countText(endings.failures)} of them failed without a reset; ${countText(endings.failuresThatMatter)} of these mattered.`,
        },
        ...(endings.delays > 0
          ? [{ term: 'Delays', text: `${countText(endings.delays)} went on after all.` }]
          : []),
      ],
      next: [],
      tables: [this.#groupTable(endings.groups, told.keys())],
      cases: [...told.values()],
      moreTables: [],
    };
  }

  async #capture(): Promise<Body> {
    const { findings, endings, summary } = this.#source;
    const worst = findings.list.filter(({ noise }) => !noise);
    const cases: ReportCase[] = [];
    const told = worst.length > 0 ? worst.slice(0, REPORT_BOUNDS.cases - 2) : findings.list.slice(0, 1);
    for (const { examples } of told) {
      const one = await this.#resetCase(examples[0]);
      if (one !== undefined) cases.push(one);
    }
    const failed = this.#failureCases(endings.failuresThatMatter > 0 ? 1 : 0);
    cases.push(...failed.values());
    for (const finding of findings.list.slice(0, REPORT_BOUNDS.rows)) this.#noteFinding(finding);
    const tables: ReportTable[] = [];
    if (findings.total > 0) tables.push(findingTable(findings.list, findings.total, told));
    if (endings.groups.length > 0) tables.push(this.#groupTable(endings.groups, failed.keys()));
    const span = summary.lastNs - summary.firstNs;
    return {
      title: 'What happened in this capture',
      what: endings.headline,
      facts: [
        {
          term: 'Capture',
          text: `${plural(summary.packets, 'packet')} of ${plural(summary.flows, 'flow')} in ${durationText(span)}.`,
        },
        {
          term: 'Resets',
          text:
            summary.resets === 0
              ? 'None.'
              : `${plural(summary.resets, 'reset')}, ${countText(summary.resetsThatMatter)} of them mattered; in ${plural(findings.total, 'finding')}.`,
        },
        {
          term: 'Other failures',
          text:
            endings.failures === 0
              ? 'None.'
              : `${plural(endings.failures, 'connection')} failed without a reset, ${countText(endings.failuresThatMatter)} of them mattered.`,
        },
      ],
      next: [],
      tables,
      cases,
      moreTables: [],
    };
  }

  async #resetCase(id: number): Promise<ReportCase | undefined> {
    const detail = this.#source.reset(id);
    if (detail === undefined) return undefined;
    this.#secrets.reset(detail);
    const own = detail.packets.find(
      ({ file, frame }) => file === detail.row.file && frame === detail.row.frame,
    );
    const packet = own === undefined ? undefined : await this.#source.packetDetail(own.packet);
    return resetCase(detail, packet, this.#source.join, this.#source.epochNs);
  }

  /** One case of each of the first groups. */
  #failureCases(most: number): ReadonlyMap<FailureGroup, ReportCase> {
    const cases = new Map<FailureGroup, ReportCase>();
    for (const group of this.#source.endings.groups) {
      if (cases.size === most) break;
      const detail = group.examples.map((id) => this.#source.failure(id)).find((one) => one !== undefined);
      if (detail === undefined) continue;
      this.#secrets.failure(detail);
      cases.set(group, failureCase(detail, this.#source.epochNs));
    }
    return cases;
  }

  #findingFacts(finding: Finding): ReportTerm[] {
    const { idle, perHour, count, matters, clients, firstNs, lastNs, meanConfidence, kind } = finding;
    const { epochNs } = this.#source;
    const facts: ReportTerm[] = [
      {
        term: 'How often',
        text: `${plural(count, 'reset')} to or from ${plural(clients, 'client')}; ${countText(matters)} of them ended unfinished work.`,
      },
      {
        term: 'When',
        text:
          `From ${dateAndTime(isoTime(epochNs, firstNs), false)} on, for ${durationText(lastNs - firstNs)}` +
          (perHour === null
            ? '.'
            : `; ${perHour < 10 ? perHour.toFixed(1) : countText(Math.round(perHour))} an hour.`),
      },
      {
        term: 'How sure',
        text:
          kind === 'unknown'
            ? sureText(kind, meanConfidence)
            : `${sureText(kind, meanConfidence)}, ${percentText(meanConfidence)} on average over its resets.`,
      },
    ];
    if (idle !== null) {
      const spread = `, spread over ${durationText(idle.spreadSeconds * 1e9)}`;
      facts.push({
        term: 'Silence before',
        text:
          `${durationText(idle.medianSeconds * 1e9)} (median)${idle.constant ? ', always the same' : idle.spreadSeconds > 0 ? spread : ''}.` +
          (idle.matchesKnownTimeout === null ? '' : ` That is the timeout of: ${idle.matchesKnownTimeout}.`),
      });
    }
    return facts;
  }

  #resetTable(title: string, rows: readonly ResetRow[], all: number): ReportTable {
    const { epochNs } = this.#source;
    return {
      title,
      columns: ['Frame', 'Time (UTC)', 'Client', 'Server', 'Who', 'Sure', 'Mattered'],
      rows: rows.map((row) => [
        this.#frameText(row),
        dateAndTime(isoTime(epochNs, row.timeNs), false).replace(' UTC', ''),
        row.client,
        row.server,
        ORIGIN[row.kind].short,
        row.kind === 'unknown' ? '' : percentText(row.confidence),
        row.matters ? 'yes' : 'no',
      ]),
      more: Math.max(0, all - rows.length),
    };
  }

  /** @param told those of which a case is told at full length behind it */
  #groupTable(groups: readonly FailureGroup[], told: Iterable<FailureGroup>): ReportTable {
    const below = new Set(told);
    for (const group of groups) this.#secrets.group(group);
    const shown = groups.slice(0, REPORT_BOUNDS.rows);
    const advice = adviceOnce(
      shown.map((group) => ({ next: group.matters > 0 ? group.next : '', isBelow: below.has(group) })),
    );
    return {
      title: 'Failures without a reset',
      columns: ['No.', 'What', 'Server', 'Count', 'Mattered', 'In a sentence', 'What to do'],
      rows: shown.map(({ kind, server, count, matters, sentence }, index) => [
        String(index + 1),
        FAILURE_KIND_TEXTS[kind].title,
        server,
        countText(count),
        countText(matters),
        sentence,
        advice[index],
      ]),
      more: groups.length - shown.length + this.#source.endings.moreGroups,
    };
  }

  #frameText({ file, frame }: { readonly file: number; readonly frame: number }): string {
    return frameName(this.#source.paths, { file, frame });
  }

  #note(rows: readonly ResetRow[]): void {
    for (const { client, server, serverName } of rows) this.#secrets.ends(client, server, serverName);
  }

  #noteFinding(finding: Finding): void {
    this.#secrets.ends('', finding.server, finding.serverName);
    this.#note(finding.examples.slice(0, 1).map((id) => this.#source.resetRow(id)));
  }
}

/** A report about one case alone: its own paragraph stands first. */
function single(told: ReportCase): Omit<Body, 'title'> {
  const [what = '', ...story] = told.what;
  return { what, facts: [], next: [], tables: [], cases: [{ ...told, what: story }], moreTables: [] };
}

function titleOf({ kind, claimed, server, cause }: ResetRow): string {
  const who = {
    endpoint: `Reset by the ${claimed}`,
    middlebox: `Reset by a device in the name of the ${claimed}`,
    unknown: 'Reset whose sender cannot be told',
  }[kind];
  return `${who}, ${server}${cause === 'unknown' ? '' : `: ${causeOf(cause).title.charAt(0).toLowerCase()}${causeOf(cause).title.slice(1)}`}`;
}

/** @param told those that are told at full length behind it */
function findingTable(list: readonly Finding[], total: number, told: readonly Finding[]): ReportTable {
  const shown = list.slice(0, REPORT_BOUNDS.rows);
  const advice = adviceOnce(
    shown.map((finding) => ({
      next: finding.noise ? 'Nothing' : finding.next,
      isBelow: told.includes(finding) && !finding.noise,
    })),
  );
  return {
    title: 'Findings',
    columns: ['No.', 'What', 'Resets', 'Mattered', 'Sure', 'What to do'],
    rows: shown.map((finding, index) => [
      String(index + 1),
      finding.sentence,
      countText(finding.count),
      countText(finding.matters),
      finding.kind === 'unknown' ? 'cannot tell' : percentText(finding.meanConfidence),
      advice[index],
    ]),
    more: total - shown.length,
  };
}

/** Addresses, ports, times and other numbers. */
const NUMBERS = /[\w.:[\]]*\d[\w.:[\]]*/gu;
/** Shorter advice is read faster than looked up. */
const SHORT_ADVICE = 40;

/** What is to be done in each row of a table: once of those that are alike but for their numbers. */
function adviceOnce(rows: readonly { readonly next: string; readonly isBelow: boolean }[]): string[] {
  const first = new Map<string, number>();
  return rows.map(({ next, isBelow }, index) => {
    const shape = next.replace(NUMBERS, '#');
    const like = first.get(shape);
    if (like === undefined) first.set(shape, index);
    if (isBelow) return 'See below';
    return like === undefined || next.length <= SHORT_ADVICE ? next : `As for no. ${like + 1}`;
  });
}
