// 仕事用スタンプ: ひよ, a brown-eared bulbul, in a few poses, with the words above it. Drawn here, from one body.
import { STAMPS } from '../../gen/pictures.ts';
import type { Lang } from '../base/time.ts';

type Pose = 'stand' | 'bow' | 'wave' | 'run' | 'cup' | 'box' | 'note' | 'clock' | 'phone' | 'spark' | 'rain' | 'sleep';

const POSES: Record<string, Pose> = {
  onegai: 'bow', ryokai: 'wave', arigato: 'bow', otsukare: 'cup', ohayo: 'spark', osaki: 'run', kakunin_chu: 'note', kakunin_zumi: 'note',
  shosho: 'clock', mukau: 'run', tochaku: 'wave', kyukei: 'cup', sumimasen: 'bow', tasukaru: 'bow', omedeto: 'spark', iine: 'wave', sodan: 'note',
  isogi: 'clock', denwa: 'phone', kaigi: 'note', kanbai: 'spark', nohin: 'box', yoroshiku: 'bow', mata_asu: 'wave', hai: 'wave', iie: 'stand',
  ok: 'spark', daijobu: 'wave', muri: 'stand', ganbaru: 'spark', ganbatte: 'spark', odaiji: 'sleep', yasumi: 'sleep', okureru: 'run', shukkin: 'wave',
  taikin: 'run', kaiten: 'spark', heiten: 'sleep', hoju: 'box', kanryo: 'note', sagyo: 'note', tetsudau: 'wave', chotto: 'stand', bikkuri: 'spark',
  ureshii: 'spark', kinshi: 'box', ame: 'rain', konzatsu: 'run',
};

function Prop({ pose }: { pose: Pose }) {
  if (pose === 'cup') return <path className="stamp-prop" d="M140 118h30v16a14 14 0 0 1-14 14h-2a14 14 0 0 1-14-14zM170 122h6a6 6 0 0 1 0 14h-6M148 110c0-6 4-6 4-12M158 110c0-6 4-6 4-12" />;
  if (pose === 'box') return <path className="stamp-prop" d="M132 122h46v38h-46zM155 122v14M132 136h46" />;
  if (pose === 'note') return <path className="stamp-prop" d="M142 102h34v44h-34zM149 113h20M149 123h20M149 133h12" />;
  if (pose === 'clock') return <path className="stamp-prop" d="M160 102a21 21 0 1 1-.1 0zM160 111v13l9 5" />;
  if (pose === 'phone') return <path className="stamp-prop" d="M142 96c-8 10 10 40 26 44l8-12-10-7-6 4c-6-3-9-10-9-15l6-4-5-12z" />;
  if (pose === 'spark') return <path className="stamp-prop" d="M36 84v16M28 92h16M168 76v18M159 85h18M30 134l8 6M172 128l-8 6" />;
  if (pose === 'rain') return <path className="stamp-prop" d="M60 66c4-20 76-20 80 0zM100 50v-6M40 86l-5 12M168 84l-5 12M30 120l-5 12M176 122l-5 12" />;
  if (pose === 'sleep') return <path className="stamp-prop" d="M146 84h14l-14 16h14M166 66h10l-10 12h10" />;
  if (pose === 'run') return <path className="stamp-prop" d="M22 112h22M16 128h24M26 144h18" />;
  return null;
}

function Wing({ pose }: { pose: Pose }) {
  if (pose === 'wave' || pose === 'spark') return <path className="stamp-line stamp-body" d="M128 118c14-6 24-22 26-34-14 2-28 12-34 24z" />;
  if (pose === 'bow') return <path className="stamp-line stamp-body" d="M92 136c-4 12-2 22 8 26 8-6 12-16 10-26z" />;
  return <path className="stamp-line stamp-body" d="M116 122c14 2 22 12 22 26-14 2-26-4-30-14z" />;
}

export const stampWords = (name: string, lang: Lang): string => {
  const stamp = STAMPS.find((s) => s.name === name);
  return stamp ? stamp[lang] : '';
};

/** About how wide the words are drawn: letters of a kana's width, or of a Latin one's. What has room is not stretched. */
const WIDEST = 184;
const drawn = (words: string): number => [...words].reduce((n, c) => n + (c > '\u2e7f' ? 19 : 11), 0);

export function Stamp({ name, lang, size = 160 }: { name: string; lang: Lang; size?: number }) {
  const words = stampWords(name, lang);
  const pose = POSES[name] ?? 'stand';
  const tilt = pose === 'bow' ? 'rotate(14 100 150)' : pose === 'run' ? 'rotate(-8 100 150)' : '';
  return (
    <svg className="stamp" width={size} height={size * 0.95} viewBox="0 0 200 190" role="img" aria-label={words}>
      <text className="stamp-words" x="100" y="28" textAnchor="middle" textLength={drawn(words) > WIDEST ? WIDEST : undefined} lengthAdjust="spacingAndGlyphs">{words}</text>
      <Prop pose={pose} />
      <g transform={tilt}>
        <path className="stamp-line" d="M86 172v10M112 172v10M80 182h12M106 182h12" />
        <path className="stamp-line stamp-body" d="M66 156c-16 4-30 14-36 24 16 2 34-2 46-12z" />
        <path className="stamp-line stamp-body" d="M100 52c10-4 12 2 14 6 18 6 28 22 28 44 0 42-18 72-44 72s-42-24-42-54c0-34 14-58 44-68z" />
        <path className="stamp-belly" d="M104 108c18 0 28 14 28 32 0 20-12 32-32 32-16 0-28-10-28-26 0-20 14-38 32-38z" />
        <ellipse className="stamp-cheek" cx="88" cy="98" rx="11" ry="8" />
        {pose === 'sleep'
          ? <path className="stamp-line" d="M104 84c3 4 9 4 12 0" />
          : <circle className="stamp-eye" cx="110" cy="84" r="4.5" />}
        <path className="stamp-beak" d="M136 86l22 6-22 8c-3-4-3-10 0-14z" />
        <Wing pose={pose} />
      </g>
    </svg>
  );
}
