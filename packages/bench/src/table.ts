import type { Result, Section, Unit } from './contestant.js';

/** The table of goals: a row for each result with a goal, with the results of other libraries. */
export function goalTable(sections: readonly Section[]): string {
  const rows = sections.flatMap((section) =>
    section.results.flatMap((result) => {
      const { goal } = result;
      if (goal === undefined) return [];
      const others = section.results.slice(1).filter((other) => other.goal === undefined);
      const beside = others.map((other) => `${other.name} ${shown(section.unit, other.figure.median)}`);
      return [
        [
          `${section.title}: ${result.name}`,
          `≤ ${shown(section.unit, goal)}`,
          shown(section.unit, result.figure.median),
          verdict(result.figure.median, goal),
          beside.join('; '),
        ],
      ];
    }),
  );
  return table(['work', 'goal', 'measured', '', 'beside it'], rows, [0, 1, 1, 0, 0]);
}

/** All results of one section, with their noise. */
export function sectionTable({ title, unit, note, results, bound, isOfJobs = false }: Section): string {
  const inTime = unit === '×' || unit === 'ns more';
  const time = isOfJobs ? 'ms a job' : 'ns a call';
  const measured = bound === undefined ? HEADS[unit] : `times ${bound}`;
  const head = ['', measured, 'quartiles', ...(inTime ? [time] : []), 'goal'];
  const rows = results.map((result) => rowOf(result, unit, inTime ? (isOfJobs ? 1e6 : 1) : undefined));
  return [
    `### ${title}`,
    note,
    table(
      head,
      rows,
      head.map((_, at) => Number(at > 0)),
    ),
  ].join('\n\n');
}

const HEADS = {
  '×': 'times the first',
  'ns more': 'ns over the first',
  µs: 'µs a call',
  ms: 'ms',
  bytes: 'bytes',
};

/** @param nanosecond the number of nanoseconds in the unit of the time column; undefined if there is no such column */
function rowOf(
  { name, figure, goal, nanoseconds }: Result,
  unit: Unit,
  nanosecond: number | undefined,
): string[] {
  return [
    name,
    digits(figure.median, unit),
    `${digits(figure.low, unit)} – ${digits(figure.high, unit)}`,
    ...(nanosecond === undefined
      ? []
      : [nanoseconds === undefined ? '' : digits(nanoseconds.median / nanosecond, 'ns more')]),
    goal === undefined ? '' : `≤ ${Number(goal.toFixed(2))}, ${verdict(figure.median, goal)}`,
  ];
}

/** Whether a goal is met, at the precision that the table shows. */
function verdict(measured: number, goal: number): string {
  return Number(measured.toFixed(2)) <= goal ? 'met' : '**missed**';
}

function shown(unit: Unit, value: number): string {
  const suffix = { '×': ' ×', 'ns more': ' ns', µs: ' µs', ms: ' ms', bytes: ' B' };
  return digits(value, unit) + suffix[unit];
}

function digits(value: number, unit: Unit): string {
  return value.toFixed(unit === 'bytes' ? 0 : unit === 'ns more' ? 1 : 2);
}

/** A markdown table in columns, in the format of prettier. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  toTheRight: readonly number[],
): string {
  const widths = head.map((cell, at) => Math.max(3, cell.length, ...rows.map((row) => row[at].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .map((cell, at) => (toTheRight[at] === 1 ? cell.padStart(widths[at]) : cell.padEnd(widths[at])))
      .join(' | ')} |`;
  const rule = widths.map((width, at) =>
    toTheRight[at] === 1 ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}
