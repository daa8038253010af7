// The tree of units: one stop of the Tab key, arrows within it, F2 renames, Alt+↑↓ gives another place among the units of
// one parent, drag asks for a move. Rows are flat; level, place and number stand in ARIA.
import { TextInput } from '@mantine/core';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { DownIcon, MoveIcon, RightIcon } from '../base/icons.tsx';
import { isComposingKey, useComposition } from '../base/ime.ts';
import type { Ops } from '../../gen/api.ts';

export type Unit = Ops['console.unit.list']['output']['units'][number];
export const TOP = '0';

export interface Units {
  all: Unit[];
  byId: Map<string, Unit>;
  below: Map<string, Unit[]>;
}

const byPlace = (a: Unit, b: Unit): number => a.place - b.place || (a.id < b.id ? -1 : 1);

export function indexUnits(all: Unit[]): Units {
  const byId = new Map(all.map((u) => [u.id, u]));
  const below = new Map<string, Unit[]>();
  for (const u of all) {
    const list = below.get(u.parent);
    if (list) list.push(u);
    else below.set(u.parent, [u]);
  }
  below.forEach((list) => list.sort(byPlace));
  return { all, byId, below };
}

/** From the top down to the unit itself. */
export function pathTo(units: Units, id: string): Unit[] {
  const path: Unit[] = [];
  for (let u = units.byId.get(id); u && path.length < 20; u = units.byId.get(u.parent)) path.unshift(u);
  return path;
}

export const isBelow = (units: Units, id: string, top: string): boolean => pathTo(units, id).some((u) => u.id === top);

interface Row {
  unit: Unit;
  level: number;
  place: number;
  of: number;
  children: number;
}

function rowsOf(units: Units, opened: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const add = (parent: string, level: number) => {
    const list = units.below.get(parent) ?? [];
    list.forEach((unit, i) => {
      rows.push({ unit, level, place: i + 1, of: list.length, children: units.below.get(unit.id)?.length ?? 0 });
      if (opened.has(unit.id)) add(unit.id, level + 1);
    });
  };
  add(TOP, 1);
  return rows;
}

function RenameField({ name, done }: { name: string; done: (next: string | null) => void }) {
  const { t } = useTranslation();
  const composition = useComposition();
  const [text, setText] = useState(name);
  const over = useRef(false);
  const end = (next: string | null) => {
    if (over.current) return;
    over.current = true;
    done(next);
  };
  return (
    <TextInput
      className="tree-rename" aria-label={t('units.tree.rename')} autoFocus value={text} maxLength={80}
      onChange={(e) => setText(e.currentTarget.value)} onFocus={(e) => e.currentTarget.select()}
      onCompositionStart={composition.start} onCompositionEnd={composition.end}
      onClick={(e) => e.stopPropagation()} onBlur={() => end(null)}
      onKeyDown={(e) => {
        e.stopPropagation();
        if (isComposingKey(e.nativeEvent, composition.composing)) return;
        if (e.key === 'Enter') end(text.trim());
        if (e.key === 'Escape') end(null);
      }}
    />
  );
}

export function UnitTree({ units, chosen, choose, move, rename, order }: {
  units: Units; chosen: string | null; choose: (id: string) => void; move: (unit: Unit, parent: string | null) => void;
  rename: (unit: Unit, name: string) => void; order: (unit: Unit, step: -1 | 1) => Promise<void>;
}) {
  const { t } = useTranslation();
  const tree = useRef<HTMLUListElement>(null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set([
    ...(units.below.get(TOP) ?? []).map((u) => u.id), ...(chosen ? pathTo(units, chosen).map((u) => u.id) : []),
  ]));
  const [at, setAt] = useState(chosen ?? '');
  const [naming, setNaming] = useState('');
  const [dragged, setDragged] = useState('');
  const [over, setOver] = useState('');
  const rows = useMemo(() => rowsOf(units, opened), [units, opened]);
  const here = rows.find((r) => r.unit.id === at) ?? rows[0];

  const focus = (id: string | undefined) => {
    if (!id) return;
    setAt(id);
    tree.current?.querySelector<HTMLElement>(`[data-id="${id}"]`)?.focus();
  };
  const open = (id: string, yes: boolean) => {
    const next = new Set(opened);
    if (yes) next.add(id);
    else next.delete(id);
    setOpened(next);
  };
  /* A row that moves among its siblings loses the focus with its old place. */
  const reorder = (unit: Unit, step: -1 | 1) => void order(unit, step).then(() => requestAnimationFrame(() => focus(unit.id)));
  const onKey = (e: KeyboardEvent) => {
    if (!here) return;
    const i = rows.indexOf(here);
    const { unit } = here;
    const acts: Record<string, () => void> = {
      ArrowDown: () => (e.altKey ? reorder(unit, 1) : focus(rows[i + 1]?.unit.id)),
      ArrowUp: () => (e.altKey ? reorder(unit, -1) : focus(rows[i - 1]?.unit.id)),
      ArrowRight: () => {
        if (here.children === 0) return;
        if (opened.has(unit.id)) focus(rows[i + 1]?.unit.id);
        else open(unit.id, true);
      },
      ArrowLeft: () => (here.children > 0 && opened.has(unit.id) ? open(unit.id, false) : focus(units.byId.get(unit.parent)?.id)),
      Home: () => focus(rows[0]?.unit.id),
      End: () => focus(rows.at(-1)?.unit.id),
      Enter: () => choose(unit.id),
      ' ': () => choose(unit.id),
      F2: () => setNaming(unit.id),
    };
    const act = acts[e.key];
    if (!act || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    act();
  };
  const drop = (onto: Unit) => {
    const unit = units.byId.get(dragged);
    setOver('');
    setDragged('');
    if (unit && unit.parent !== onto.id && !isBelow(units, onto.id, unit.id)) move(unit, onto.id);
  };
  return (
    <ul ref={tree} role="tree" className="unit-tree" aria-label={t('units.tree.label')} onKeyDown={onKey}>
      {rows.map((r) => (
        <li
          key={r.unit.id} role="treeitem" data-id={r.unit.id} aria-level={r.level} aria-posinset={r.place} aria-setsize={r.of}
          aria-selected={r.unit.id === chosen} tabIndex={r === here ? 0 : -1}
          {...(r.children > 0 ? { 'aria-expanded': opened.has(r.unit.id) } : {})}
          aria-labelledby={`unit-name-${r.unit.id} unit-count-${r.unit.id}`}
          className={`tree-row level${r.level}${over === r.unit.id ? ' tree-over' : ''}`} draggable={naming === ''}
          onFocus={() => setAt(r.unit.id)} onClick={() => { setAt(r.unit.id); choose(r.unit.id); }}
          onDragStart={(e) => { e.dataTransfer.setData('text/plain', r.unit.name); setDragged(r.unit.id); }}
          onDragEnd={() => { setDragged(''); setOver(''); }}
          onDragOver={(e) => {
            if (!dragged || isBelow(units, r.unit.id, dragged)) return;
            e.preventDefault();
            setOver(r.unit.id);
          }}
          onDrop={(e) => { e.preventDefault(); drop(r.unit); }}
        >
          <span
            className="tree-toggle" aria-hidden
            onClick={(e) => { if (r.children > 0) { e.stopPropagation(); open(r.unit.id, !opened.has(r.unit.id)); } }}
          >
            {r.children > 0 && (opened.has(r.unit.id) ? <DownIcon size={20} /> : <RightIcon size={20} />)}
          </span>
          {naming === r.unit.id
            ? (
              <RenameField
                name={r.unit.name}
                done={(next) => {
                  setNaming('');
                  if (next && next !== r.unit.name) rename(r.unit, next);
                  focus(r.unit.id);
                }}
              />
            )
            : <span className="tree-name" id={`unit-name-${r.unit.id}`}>{r.unit.name}</span>}
          {' '}
          <span className="tree-count" id={`unit-count-${r.unit.id}`}>
            {!r.unit.public && <span className="badge">{t('units.tree.hidden')}</span>}
            {t('units.tree.count', { n: r.unit.members, count: r.unit.members })}
          </span>
          <button
            type="button" className="icon-button tree-move" tabIndex={-1} aria-label={t('units.move.of', { name: r.unit.name })}
            onClick={(e) => { e.stopPropagation(); move(r.unit, null); }}
          >
            <MoveIcon size={20} />
          </button>
        </li>
      ))}
    </ul>
  );
}
