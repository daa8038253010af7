// The page behind the QR code of `make run`: what a phone needs before it trusts the development CA, over plain HTTP because
// nothing else opens there without a warning. It serves this page, its style and that certificate, and nothing else.
//
// usage: node tool/start_page.mjs PORT CERTIFICATE APP       PORT 0: a free one; it prints the port when it serves
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const [port, certificate, app] = process.argv.slice(2);
const ca = fs.readFileSync(certificate);
const css = fs.readFileSync(path.join(ROOT, 'web/public/pages.css')) + `
.start { display: inline-flex; align-items: center; min-height: 48px; padding: 0 20px; border-radius: 12px; background: var(--wood); color: var(--surface); font-weight: 600; text-decoration: none; }
.start.second { background: none; box-shadow: inset 0 0 0 1px var(--wood); color: var(--wood); }
.phones { display: grid; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); gap: 8px 32px; }
figure { margin: 12px 0; }
svg { display: block; width: 100%; max-width: 260px; height: auto; margin-inline: auto; }
.frame { fill: var(--surface); stroke: var(--ink2); stroke-width: 2; }
.line { fill: var(--canvas); stroke: var(--line); }
.hit { fill: var(--wood-soft); stroke: var(--wood); stroke-width: 2; }
.on { fill: var(--wood); }
.knob { fill: var(--surface); }
svg text { fill: var(--ink); font: 11px system-ui, "Hiragino Sans", "Noto Sans JP", sans-serif; }
svg .quiet { fill: var(--ink2); }
h3 { margin: 1em 0 0; font-size: 1rem; }
ol { padding-left: 1.4em; }`;

const words = {
    ja: {
        title: 'スマートフォンで試す', other: 'English', html: '縁側を、お手元のスマートフォンで開きます。',
        why: 'この見本はお使いのパソコンで動いているため、証明書もそのパソコンが作ったものです。スマートフォンに一度だけ登録すると、警告なしで開き、ホーム画面への追加、オフラインでの閲覧、通知が使えます。',
        later: '登録しなくても、警告の画面で「詳細」から進めばトークは試せます。その間は、ホーム画面への追加、オフラインでの閲覧、通知は使えません。',
        get: '証明書を受け取る', open: '縁側を開く', steps: '登録のしかた', then: '登録できたら',
        iphone: 'iPhone', android: 'Android',
        ios: ['「証明書を受け取る」を押し、「許可」を選びます。', '「設定」を開き、「プロファイルがダウンロード済み」から「インストール」を押します。', '「設定」>「一般」>「情報」>「証明書信頼設定」で「Engawa development CA」をオンにします。'],
        droid: ['「証明書を受け取る」を押して保存します。', '「設定」>「セキュリティとプライバシー」>「その他」>「暗号化と認証情報」を開きます。', '「証明書のインストール」>「CA 証明書」を選び、保存したファイルを開きます。'],
        pictureIos: '設定の「証明書信頼設定」でスイッチをオンにした図', pictureDroid: '設定の「証明書のインストール」で「CA 証明書」を選ぶ図',
        head1: '証明書信頼設定', note1: 'ルート証明書を全面的に信頼する', head2: '証明書のインストール', rows2: ['CA 証明書', 'VPN とアプリの証明書', 'Wi-Fi 証明書'],
        same: 'スマートフォンとこのパソコンを、同じ Wi-Fi につないでください。', remove: '試し終わったら、同じ画面で証明書を削除できます。この証明書で信頼されるのは、このパソコンだけです。',
    },
    en: {
        title: 'Try it on your phone', other: '日本語', html: 'Open Engawa on the phone in your hand.',
        why: 'This demo runs on your computer, and so does its certificate. Add it to the phone once: the app opens without a warning, and can be put on the home screen, read offline and send notices.',
        later: 'Without it you can still talk: on the warning page choose “Details” and go on. Until then there is no home screen, no reading offline and there are no notices.',
        get: 'Get the certificate', open: 'Open Engawa', steps: 'How to add it', then: 'When it is added',
        iphone: 'iPhone', android: 'Android',
        ios: ['Press “Get the certificate” and allow it.', 'Open Settings, “Profile Downloaded”, and press “Install”.', 'In Settings > General > About > Certificate Trust Settings, switch “Engawa development CA” on.'],
        droid: ['Press “Get the certificate” and keep the file.', 'Open Settings > Security and privacy > More > Encryption and credentials.', 'Choose “Install a certificate” > “CA certificate” and open the file.'],
        pictureIos: 'Certificate Trust Settings with the switch on', pictureDroid: '“Install a certificate” with “CA certificate” chosen',
        head1: 'Certificate Trust Settings', note1: 'Enable full trust for root certificates', head2: 'Install a certificate', rows2: ['CA certificate', 'VPN and app user certificate', 'Wi-Fi certificate'],
        same: 'The phone and this computer must be in the same Wi-Fi.', remove: 'When you are done, remove it on the same screen. It vouches for this computer alone.',
    },
};

const phone = (label, inside) => `<svg viewBox="0 0 200 210" role="img" aria-label="${label}"><rect class="frame" x="3" y="3" width="194" height="230" rx="22"/><rect class="on" x="80" y="12" width="40" height="5" rx="2.5"/>${inside}</svg>`;
const iphone = (w) => phone(w.pictureIos, `<text x="100" y="44" text-anchor="middle" font-weight="700">${w.head1}</text><text class="quiet" x="20" y="82" textLength="160" lengthAdjust="spacingAndGlyphs">${w.note1}</text><rect class="hit" x="16" y="94" width="168" height="40" rx="10"/><text x="26" y="118" textLength="112" lengthAdjust="spacingAndGlyphs">Engawa development CA</text><rect class="on" x="146" y="104" width="30" height="20" rx="10"/><circle class="knob" cx="166" cy="114" r="8"/>`);
const android = (w) => phone(w.pictureDroid, `<text x="20" y="48" font-weight="700">${w.head2}</text>${w.rows2.map((r, i) => `<rect class="${i ? 'line' : 'hit'}" x="16" y="${64 + i * 46}" width="168" height="38" rx="8"/><text x="28" y="${87 + i * 46}">${r}</text>`).join('')}`);

function page(lang) {
    const w = words[lang], other = lang === 'ja' ? 'en' : 'ja';
    const list = (v) => `<ol>${v.map((s) => `<li>${s}</li>`).join('')}</ol>`;
    return `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${w.title} – 縁側 Engawa</title><link rel="stylesheet" href="/start.css"></head>
<body><nav aria-label="Engawa"><a href="/?lang=${lang}" aria-current="page">縁側 Engawa</a><a href="/?lang=${other}" lang="${other}">${w.other}</a></nav>
<main><h1>${w.title}</h1><p>${w.html}</p><p>${w.same}</p><p>${w.why}</p>
<p><a class="start" href="/engawa-ca.crt">${w.get}</a></p>
<h2>${w.steps}</h2>
<div class="phones"><section><h3>${w.iphone}</h3><figure>${iphone(w)}</figure>${list(w.ios)}</section><section><h3>${w.android}</h3><figure>${android(w)}</figure>${list(w.droid)}</section></div>
<h2>${w.then}</h2><p><a class="start second" href="${app}">${w.open}</a></p><p>${w.later}</p><p>${w.remove}</p></main></body></html>
`;
}

/** The language of the address, else the first of the browser's that there is. */
function languageOf(url, header = '') {
    const asked = url.searchParams.get('lang');
    if (asked in words) return asked;
    return header.split(',').map((l) => l.trim().slice(0, 2)).find((l) => l in words) ?? 'en';
}

const server = http.createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, (q, r) => {
    const url = new URL(q.url, 'http://start');
    const always = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': "default-src 'none'; style-src 'self'" };
    const say = (status, type, body) => r.writeHead(status, { ...always, 'Content-Type': type }).end(q.method === 'HEAD' ? undefined : body);
    if (!['GET', 'HEAD'].includes(q.method)) say(405, 'text/plain', 'GET\n');
    else if (url.pathname === '/') say(200, 'text/html; charset=utf-8', page(languageOf(url, q.headers['accept-language'])));
    else if (url.pathname === '/start.css') say(200, 'text/css; charset=utf-8', css);
    else if (url.pathname === '/engawa-ca.crt') say(200, 'application/x-x509-ca-cert', ca);
    else say(404, 'text/plain', 'not found\n');
});
server.listen(Number(port), () => console.log(server.address().port));
