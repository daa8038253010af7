// ホーム画面に追加: the steps where the browser asks nothing by itself, with drawings of what is to be looked for.
import './install.css';
import { useEffect, useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isStandalone } from '../base/device.ts';
import { addWords } from '../base/i18n.ts';
import { BackIcon } from '../base/icons.tsx';
import { isApple, useInstallWay } from '../base/install.ts';
import { Link } from '../base/shell.tsx';
import en from './words/install.en.json';
import ja from './words/install.ja.json';

addWords('install', ja, en);

/** The edge of a phone with what lies in it: 240 × 150, the lower or the upper part of the screen. */
function Phone({ upper = false, children }: { upper?: boolean; children: ReactNode }) {
  const clip = useId();
  return (
    <svg className="install-drawing" viewBox="0 0 240 150" aria-hidden focusable="false">
      <clipPath id={clip}><path d={upper ? 'M20 150V30a22 22 0 0 1 22-22h156a22 22 0 0 1 22 22v120z' : 'M20 0v120a22 22 0 0 0 22 22h156a22 22 0 0 0 22-22V0z'} /></clipPath>
      <g clipPath={`url(#${clip})`}><path className="d-ground" d="M20 0h200v150H20z" />{children}</g>
      <path className="d-edge" d={upper ? 'M20 150V30a22 22 0 0 1 22-22h156a22 22 0 0 1 22 22v120' : 'M20 0v120a22 22 0 0 0 22 22h156a22 22 0 0 0 22-22V0'} />
    </svg>
  );
}

/** A tray with an arrow that leaves it upwards. */
const Share = ({ x, y }: { x: number; y: number }) => <path className="d-sign" d={`M${x - 4} ${y - 2}h-4v13h16v-13h-4M${x} ${y + 4}v-16m-5 5 5-5 5 5`} />;
const Bar = ({ x, y, w, soft = false }: { x: number; y: number; w: number; soft?: boolean }) => <rect className={soft ? 'd-soft' : 'd-bar'} x={x} y={y} width={w} height={7} rx={3.5} />;
const House = ({ x, y }: { x: number; y: number }) => <path className="d-sign" transform={`translate(${x} ${y})`} d="M5 14.5 16 6.5l11 8M9 13v10M23 13v10M4 23h24M6 27h20" />;

function StepShare() {
  return (
    <Phone>
      <Bar x={44} y={14} w={120} soft /><Bar x={44} y={32} w={88} soft />
      <path className="d-panel" d="M20 58h200v92H20z" />
      <rect className="d-field" x={36} y={66} width={168} height={20} rx={10} /><Bar x={86} y={73} w={68} />
      <path className="d-faint" d="m52 104-7 7 7 7M80 104l7 7-7 7M156 102h12v16h-12zM190 104h12v12h-12z" />
      <circle className="d-here" cx={120} cy={110} r={18} /><Share x={120} y={109} />
    </Phone>
  );
}

function StepAdd() {
  const { t } = useTranslation();
  return (
    <Phone>
      <path className="d-panel" d="M20 22a14 14 0 0 1 14-14h172a14 14 0 0 1 14 14v128H20z" />
      <Bar x={40} y={24} w={70} /><path className="d-faint" d="M184 22h14v12h-14z" />
      <path className="d-line" d="M36 46h168" />
      <Bar x={40} y={58} w={96} /><path className="d-faint" d="M184 55h14v12h-14z" />
      <rect className="d-here" x={30} y={78} width={180} height={30} rx={8} />
      <text className="d-text" x={40} y={97}>{t('install.draw.add_home')}</text>
      <path className="d-sign" d="M184 85h16v16h-16zM192 89v8m-4-4h8" />
      <Bar x={40} y={120} w={82} /><path className="d-faint" d="M184 117h14v12h-14z" />
    </Phone>
  );
}

function StepDone() {
  const { t } = useTranslation();
  return (
    <Phone upper>
      <path className="d-panel" d="M20 0h200v150H20z" />
      <path className="d-line" d="M20 62h200" />
      <text className="d-text" x={36} y={46}>{t('install.draw.cancel')}</text>
      <rect className="d-here" x={150} y={28} width={60} height={28} rx={14} />
      <text className="d-text strong" x={180} y={47} textAnchor="middle">{t('install.draw.add')}</text>
      <rect className="d-field" x={40} y={78} width={52} height={52} rx={12} /><House x={50} y={87} />
      <text className="d-text" x={106} y={101}>{t('base.app.name')}</text><Bar x={106} y={114} w={76} soft />
    </Phone>
  );
}

function StepMenu() {
  const { t } = useTranslation();
  return (
    <Phone upper>
      <path className="d-panel" d="M20 0h200v56H20z" />
      <rect className="d-field" x={36} y={24} width={140} height={20} rx={10} /><Bar x={52} y={31} w={68} />
      <circle className="d-here" cx={196} cy={34} r={15} /><path className="d-dots" d="M196 27v.01M196 34v.01M196 41v.01" />
      <rect className="d-menu" x={76} y={56} width={134} height={110} rx={8} />
      <Bar x={90} y={70} w={64} />
      <rect className="d-here" x={82} y={86} width={122} height={28} rx={6} />
      <text className="d-text" x={90} y={104}>{t('install.draw.add_home')}</text>
      <Bar x={90} y={126} w={82} />
    </Phone>
  );
}

function Step({ n, words, children }: { n: number; words: string; children: ReactNode }) {
  return (
    <li>
      <p><span className="install-n" aria-hidden>{n}</span><span>{words}</span></p>
      {children}
    </li>
  );
}

export default function Install() {
  const { t } = useTranslation();
  const way = useInstallWay();
  useEffect(() => {
    document.title = `${t('install.page')} - Engawa`;
  }, [t]);
  return (
    <main className="settings" id="content">
      <div className="install-head">
        <Link to="/settings" className="icon-button"><BackIcon /><span className="hidden-text">{t('install.back')}</span></Link>
        <h1 className="page-title">{t('install.page')}</h1>
      </div>
      {way === 'none' ? <p className="notice">{t(isStandalone() ? 'install.there' : 'install.none')}</p> : (
        <>
          <p className="install-why">{t('install.why')}</p>
          <ol className="install-steps">
            {isApple() ? (
              <>
                <Step n={1} words={t('install.apple.share')}><StepShare /></Step>
                <Step n={2} words={t('install.apple.add')}><StepAdd /></Step>
                <Step n={3} words={t('install.apple.done')}><StepDone /></Step>
              </>
            ) : <Step n={1} words={t('install.other.menu')}><StepMenu /></Step>}
            <li><p><span className="install-n" aria-hidden>{isApple() ? 4 : 2}</span><span>{t('install.open')}</span></p></li>
          </ol>
          {isApple() && <p className="small-print">{t('install.apple.hint')}</p>}
        </>
      )}
    </main>
  );
}
