// One setting's control, by its type: switch, choice, boxes, number with unit, text. What a value is called is the
// table's business; here nobody meets a raw one where there is a word.
import { Checkbox, NativeSelect, Radio, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { choices, duration, isNetworks, isWeaker, valueWords, type Row } from './settings_data.ts';
import { MemberSet, Networks } from './settings_network.tsx';

interface ControlProps {
  tenant: string;
  row: Row;
  label: string;
  value: string;
  change: (value: string) => void;
  error: string | undefined;
}

const FEW = 5;

function Weaker({ row, value }: { row: Row; value: string }) {
  const { t } = useTranslation();
  return isWeaker(row.def, row.def.default, value) ? <span className="badge weaker">{t('settings.weaker')}</span> : null;
}

function Choice({ row, label, value, change, error, list }: ControlProps & { list: string[] }) {
  const { t } = useTranslation();
  if (list.length > FEW) {
    const words = (v: string) => (isWeaker(row.def, row.def.default, v) ? t('settings.value_weaker', { value: valueWords(row, v) }) : valueWords(row, v));
    return (
      <NativeSelect
        aria-label={label} value={value} error={error} onChange={(e) => change(e.currentTarget.value)}
        data={list.map((v) => ({ value: v, label: words(v) }))} className="setting-narrow"
      />
    );
  }
  return (
    <Radio.Group aria-label={label} value={value} onChange={change} error={error}>
      <div className="setting-choices">
        {list.map((v) => (
          <Radio key={v} value={v} label={<>{valueWords(row, v)} <Weaker row={row} value={v} /></>} />
        ))}
      </div>
    </Radio.Group>
  );
}

function Boxes({ row, label, value, change, error, list }: ControlProps & { list: string[] }) {
  const chosen = value === '{}' ? [] : value.split('|');
  const flip = (v: string) => {
    const next = list.filter((x) => (x === v ? !chosen.includes(v) : chosen.includes(x)));
    change(next.length === 0 ? '{}' : next.join('|'));
  };
  return (
    <fieldset aria-label={label}>
      <div className="setting-choices">
        {list.map((v) => <Checkbox key={v} checked={chosen.includes(v)} onChange={() => flip(v)} label={valueWords(row, v)} />)}
      </div>
      {error && <p className="form-error">{error}</p>}
    </fieldset>
  );
}

const UNITS = ['minute', 'hour', 'day'];
const ISO: Record<string, (n: number) => string> = { minute: (n) => `PT${n}M`, hour: (n) => `PT${n}H`, day: (n) => `P${n}D` };

/** A length of time between two bounds: a number and its unit. */
function Length({ row, label, value, change, error }: ControlProps) {
  const { t } = useTranslation();
  const part = duration(value);
  const [unit, setUnit] = useState(part && UNITS.includes(part[1]) ? part[1] : 'hour');
  const [text, setText] = useState(String(part?.[0] ?? ''));
  const tell = (number: string, of: string) => {
    setText(number);
    setUnit(of);
    change(/^\d{1,5}$/.test(number) ? ISO[of]!(Number(number)) : '');
  };
  return (
    <div className="setting-length">
      <TextInput aria-label={label} inputMode="numeric" value={text} error={error} onChange={(e) => tell(e.currentTarget.value.normalize('NFKC'), unit)} />
      <NativeSelect
        aria-label={t('settings.unit_of', { label })} value={unit} onChange={(e) => tell(text, e.currentTarget.value)}
        data={UNITS.map((u) => ({ value: u, label: t(`settings.unit_name.${u}`) }))}
      />
      <span className="small-print">{hint(row, t)}</span>
    </div>
  );
}

/** 「8〜64」 in words, where the table gives bounds. */
function hint(row: Row, t: (key: string, values: Record<string, string>) => string): string {
  const range = row.def.allowed.split('|').find((p) => p.includes('..'));
  if (!range || row.def.type === 'text') return '';
  const [low = '', high = ''] = range.split(' ')[0]!.split('..');
  return t('settings.range', { low: row.def.type === 'int' ? low : valueWords(row, low), high: valueWords(row, high) });
}

const zones = (): string[] => Intl.supportedValuesOf('timeZone');

export function Control(props: ControlProps) {
  const { t } = useTranslation();
  const { row, label, value, change, error } = props;
  const { def } = row;
  const list = choices(def);
  if (def.type === 'bool') {
    return (
      <Switch
        size="md" aria-label={label} checked={value === 'true'} onChange={(e) => change(String(e.currentTarget.checked))} error={error}
        label={<>{valueWords(row, value)} <Weaker row={row} value={value} /></>}
      />
    );
  }
  if (isNetworks(def)) return <Networks {...props} />;
  if (def.allowed.startsWith('member ids')) return <MemberSet {...props} />;
  if (def.type === 'set' && list) return <Boxes {...props} list={list} />;
  if (list && (def.type === 'enum' || def.type === 'duration' || def.type === 'bytes')) return <Choice {...props} list={list} />;
  if (def.allowed === 'IANA time zone') return <Choice {...props} list={[...new Set([...zones(), value])].sort()} />;
  if (def.type === 'duration') return <Length {...props} />;
  if (def.type === 'int') {
    return (
      <TextInput
        aria-label={label} inputMode="numeric" className="setting-narrow" value={value} error={error} description={hint(row, t)}
        inputWrapperOrder={['input', 'description', 'error']}
        onChange={(e) => change(e.currentTarget.value.normalize('NFKC').trim())}
      />
    );
  }
  if (def.type === 'list' || def.allowed.includes('500') || def.allowed.includes('10000')) {
    return <Textarea aria-label={label} autosize minRows={2} maxRows={10} value={value} error={error} onChange={(e) => change(e.currentTarget.value)} />;
  }
  return <TextInput aria-label={label} value={value} error={error} onChange={(e) => change(e.currentTarget.value)} />;
}
