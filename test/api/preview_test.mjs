// Cards of links: the page behind an address is fetched by a process of its own, read by another, kept for the tenant, and shown.
// Nobody of the internet stands in a test: addresses of it are ports of this machine, once the server has looked at them (test.out).
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import zlib from 'node:zlib';
import { asking, nameServer, noNamespace } from '../lib/dns.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { jpeg, png } from '../lib/pictures.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, testUnless, until } from '../lib/test.mjs';

const DAY = 86_400_000;
const WEB = '93.184.216.34', OTHER = '93.184.216.35', WEB6 = '[2606:2800:220:1::1]';
let house, acme, chief, ann, ben, room, ws, site, secure, inside, dir, CONFIG;
const asked = [];                                          // what the site heard: { host, url, headers }
const insideAsked = [];                                    // what a machine behind the wall heard
let pages = {};

function answer(req, res) {
    asked.push({ host: req.headers.host, url: req.url, headers: req.headers, from: req.socket.remotePort });
    const page = pages[req.url];
    if (typeof page === 'function')
        return page(req, res);
    res.writeHead(page ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' });
    res.end(page ?? 'none');
}
const listen = (server) => new Promise((done) => server.listen(0, '127.0.0.1', () => done(server.address().port)));
const html = (title, more = '') => `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title>${more}</head><body>x</body></html>`;

before(async () => {
    dir = fs.mkdtempSync(path.join(ROOT, 'build/web-'));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', path.join(dir, 'key.pem'), '-out', path.join(dir, 'cert.pem'),
        '-days', '2', '-subj', '/CN=web', '-addext', `subjectAltName=IP:${WEB}`], { stdio: 'ignore' });
    const cert = fs.readFileSync(path.join(dir, 'cert.pem'), 'utf8');
    site = http.createServer(answer);
    secure = https.createServer({ cert, key: fs.readFileSync(path.join(dir, 'key.pem')) }, answer);
    inside = http.createServer((req, res) => {
        insideAsked.push(req.url);
        res.writeHead(200, { 'Content-Type': 'text/html' }).end(html('秘密の管理画面'));
    });
    inside.on('connection', () => insideAsked.push('a packet'));
    const [web, tls, wall] = [await listen(site), await listen(secure), await listen(inside)];
    /* Everything that is behind the wall leads to that machine, if it is let through. */
    const walls = ['127.0.0.1', '10.0.0.1', '169.254.169.254', '192.168.0.1', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '0.0.0.0', '100.64.0.1', '224.0.0.1'];
    CONFIG = () => ({
        'test.out': [`${WEB}:80=${web}`, `${OTHER}:80=${web}`, `2606:2800:220:1::1:80=${web}`, `${WEB}:443=${tls}`, `${OTHER}:443=${tls}`,
            ...walls.map((w) => `${w}:80=${wall}`)].join(' '),
        'test.authority': cert.replace(/-----.*-----|\n/g, ''),
        log: 'info', edge_rate: '1000000', edge_burst: '1000000',
    });
    house = await House.start({ config: CONFIG() });
    acme = await openTenant(house, 'acme');
    chief = await (await acme.chief.signIn()).openConsole();
    [ann, ben] = await Promise.all(['ann', 'ben'].map(async (n) => (await acme.add(n)).signIn()));
    room = await acme.room('間', ann, ben);
    ws = await ben.socket();
});
after(async () => {
    await house.remove();
    for (const s of [site, secure, inside]) {
        s.closeAllConnections();
        s.close();
    }
    fs.rmSync(dir, { recursive: true });
});

const post = async (text) => {
    const r = await ann.post(`/rooms/${room}/messages`, { key: newKey(), text });
    assert.equal(r.status, 200, r.text);
    return r.json;
};
/** The message with its card, as its room hears of it. */
const carded = async (text) => {
    const m = await post(text);
    return m.preview ? m : (await ws.event('talk.message.changed', (e) => e.data.id === m.id)).data;
};
const read = async (id) => (await ben.get(`/messages/${id}`)).json;
const picture = (m, p = ben) => p.get(`/messages/${m.id}/preview?v=${m.preview.id}`);

test('a link has a card: title, words, site and picture, for everybody in the room', async () => {
    proves('B9.04');
    pages['/shop'] = html('題名', `<meta property="og:title" content="鎌倉の&#x3000;お店 &amp; 雑貨"><meta property="og:description" content="海の見える\n小さな店です。">
        <meta property="og:site_name" content="鎌倉日報"><meta property="og:image" content="img/front.jpg">`);
    pages['/img/front.jpg'] = (req, res) => res.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(jpeg());
    const m = await carded(`ここです http://${WEB}/shop どうぞ`);
    assert.equal(m.text, `ここです http://${WEB}/shop どうぞ`);
    const { id, width, height, ...card } = m.preview;
    assert.deepEqual(card, { url: `http://${WEB}/shop`, title: '鎌倉の お店 & 雑貨', text: '海の見える 小さな店です。', site: '鎌倉日報' });
    const got = await picture(m);
    assert.equal(got.status, 200);
    assert.equal(got.header('Content-Type'), 'image/webp');
    assert.equal(got.body.subarray(0, 4).toString('latin1'), 'RIFF');
    assert.ok(width > 0 && height > 0 && width <= 480 && height <= 480);
    assert.deepEqual(await read(m.id).then((r) => r.preview), m.preview, 'who reads it later sees the same');
    for (const a of asked) {
        assert.deepEqual(Object.keys(a.headers).sort(), ['accept', 'accept-language', 'host', 'user-agent'], 'no cookie, no token, no address of a member, no page from which it comes');
        assert.doesNotMatch(JSON.stringify(a.headers), /ann|ben|acme|127\.0\.0\.1/);
    }
    const before = asked.length;
    const again = await post(`もう一度 http://${WEB}/shop`);
    assert.deepEqual(again.preview, m.preview, 'known to the tenant: there at once');
    assert.equal(asked.length, before, 'and nobody asked the site');
    const rival = await openTenant(house, 'rival'), other = await (await rival.add('kei')).signIn();
    const theirs = await rival.room('別の会社', other);
    assert.equal((await other.post(`/rooms/${theirs}/messages`, { key: newKey(), text: `http://${WEB}/shop` })).json.preview, undefined, 'what one company knows tells another nothing');
    await until(() => asked.length === before + 2, 'page and picture, asked for by the other company');
});

test('a tenant switches it off, and every card is gone; on again, they are there', async () => {
    proves('B9.04');
    const m = await carded(`http://${WEB}/shop`);
    const before = asked.length;
    assert.equal((await chief.put('/console/settings/talk.link_preview', { value: 'false' })).status, 200);
    try {
        assert.equal((await read(m.id)).preview, undefined);
        assert.equal((await picture(m)).status, 404);
        pages['/off'] = html('見えない');
        assert.equal((await post(`http://${WEB}/off`)).preview, undefined);
    } finally {
        assert.equal((await chief.put('/console/settings/talk.link_preview', { value: 'true' })).status, 200);
    }
    assert.deepEqual((await read(m.id)).preview, m.preview);
    pages['/on'] = html('見える');
    assert.equal((await carded(`http://${WEB}/on`)).preview.title, '見える');
    assert.deepEqual(asked.slice(before).map((a) => a.url), ['/on'], 'what was posted meanwhile was never asked for');
});

test('pages in the encodings of Japan, without Open Graph, and in https', async () => {
    const coded = (name) => execFileSync('iconv', ['-f', 'UTF-8', '-t', name], { input: `<html><head><title>株式会社 花屋</title><meta name="description" content="店の案内"></head><body></body></html>` });
    for (const [name, header] of [['SHIFT_JIS', 'text/html; charset=Shift_JIS'], ['EUC-JP', 'text/html; charset="euc-jp"'], ['UTF-8', 'text/html']]) {
        pages[`/${name}`] = (req, res) => res.writeHead(200, { 'Content-Type': header }).end(coded(name));
        const m = await carded(`http://${WEB}/${name}`);
        assert.deepEqual([m.preview.title, m.preview.text], ['株式会社 花屋', '店の案内'], name);
    }
    pages['/meta'] = (req, res) => res.writeHead(200, { 'Content-Type': 'text/html' }).end(Buffer.concat([Buffer.from('<html><head><meta charset="Shift_JIS">'), execFileSync('iconv', ['-t', 'SHIFT_JIS'], { input: '<title>花屋</title>' })]));
    assert.equal((await carded(`http://${WEB}/meta`)).preview.title, '花屋');
    pages['/tls'] = html('安全な店');
    assert.equal((await carded(`https://${WEB}/tls`)).preview.title, '安全な店');
    pages['/six'] = html('六');
    assert.equal((await carded(`http://${WEB6}/six`)).preview.title, '六');
});

/** Posts links that give no card, and one behind them that does: what came before it is over by then (a thread, one after the other). */
let nth = 0;
const cardless = async (urls) => {
    const ms = [];
    for (const url of urls)
        ms.push(await post(url));
    pages[`/end${++nth}`] = html('終わり');
    await carded(`http://${WEB}/end${nth}`);
    for (const [i, m] of ms.entries())
        assert.equal((await read(m.id)).preview, undefined, urls[i]);
};

test('what leads behind the wall is refused before a packet leaves, however it is spelled', async () => {
    proves('B9.01');
    await cardless(['http://127.0.0.1/', 'http://localhost/', 'http://2130706433/', 'http://0x7f.1/', 'http://127.1/', 'http://0177.0.0.1/', 'http://10.0.0.1/', 'http://169.254.169.254/latest/meta-data',
        'http://192.168.0.1/', 'http://0.0.0.0/', 'http://0/', 'http://100.64.0.1/', 'http://224.0.0.1/', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[64:ff9b::7f00:1]/',
        'http://１２７.0.0.1/', 'http://localhost./']);
    assert.deepEqual(insideAsked, [], 'not one packet');
});

test('names that lead behind the wall, redirects there, too many of them, other schemes and ports', async () => {
    proves('B9.02');
    const to = (where) => (req, res) => res.writeHead(302, { Location: where }).end();
    pages['/in'] = to('http://169.254.169.254/latest/meta-data');
    pages['/name'] = to('http://localhost/');
    pages['/file'] = to('file:///etc/passwd');
    pages['/gopher'] = to('gopher://93.184.216.34/');
    pages['/port'] = to(`http://${WEB}:8080/`);
    pages['/user'] = to(`http://ann:secret@${WEB}/shop`);
    for (let i = 0; i < 5; i++)
        pages[`/r${i}`] = to(`/r${i + 1}`);
    pages['/r5'] = html('五つ目');
    await cardless(['/in', '/name', '/file', '/gopher', '/port', '/user', '/r1'].map((p) => `http://${WEB}${p}`).concat([`http://${WEB}:8080/shop`, `http://ann:secret@${WEB}/shop`, `https://${OTHER}/tls`]));
    assert.deepEqual(insideAsked, []);
    assert.equal((await carded(`http://${WEB}/r2`)).preview.title, '五つ目', 'three are followed');
    pages['/pic'] = html('写真は壁の中', '<meta property="og:image" content="http://192.168.0.1/a.png">');
    const m = await carded(`http://${WEB}/pic`);
    assert.deepEqual([m.preview.title, m.preview.width], ['写真は壁の中', undefined], 'the card stands without it');
    assert.deepEqual(insideAsked, []);
});

testUnless(noNamespace(), 'a name is looked up once, and what was looked at is what is connected to, whatever it says a moment later', async () => {
    proves('B9.02');
    const lookups = [];
    const turns = { 'shop.test': () => WEB, 'inner.test': () => '10.0.0.1', 'xn--ogt960g.test': () => WEB,
        'rebind.test': (n) => (n === 1 ? WEB : '127.0.0.1'), 'late.test': (n) => (n === 1 ? '127.0.0.1' : WEB) };
    const dns = await nameServer((name) => {
        lookups.push(name);
        return turns[name]?.(lookups.filter((l) => l === name).length);
    });
    const other = await House.start({ through: asking(dir), config: CONFIG() });
    try {
        const names = await openTenant(other, 'names'), kei = await (await names.add('kei')).signIn();
        const there = await names.room('名前', kei), heard = await kei.socket();
        const card = async (text) => {
            const r = await kei.post(`/rooms/${there}/messages`, { key: newKey(), text });
            return (await heard.event('talk.message.changed', (e) => e.data.id === r.json.id)).data.preview;
        };
        pages['/named'] = html('名のある店', '<meta property="og:image" content="/img/front.jpg">');
        pages['/away'] = (req, res) => res.writeHead(302, { Location: 'http://inner.test/' }).end();
        const plain = async (text) => (await kei.post(`/rooms/${there}/messages`, { key: newKey(), text })).json.id;
        assert.deepEqual([(await card('http://shop.test/named')).title, (await card('http://花屋.test/named')).title], ['名のある店', '名のある店']);
        const ids = [await plain('http://inner.test/'), await plain('http://late.test/named'), await plain('http://nowhere.test/'), await plain('http://shop.test/away')];
        const rebound = await card('http://rebind.test/named');
        assert.equal(rebound.title, '名のある店', 'the first answer is the one that counts');
        assert.equal(rebound.width, undefined, 'the picture is looked up anew, and then the name leads inside');
        for (const id of ids)
            assert.equal((await kei.get(`/messages/${id}`)).json.preview, undefined);
        assert.deepEqual(insideAsked, [], 'not one packet');
        assert.equal(lookups.filter((l) => l === 'rebind.test').length, 2, 'a page and a picture, a lookup each');
        assert.equal(lookups.filter((l) => l === 'late.test').length, 1);
    } finally {
        await other.remove();
        dns.close();
    }
});

test('endless, slow, huge, packed and deep pages end within their limits, and the next one is there', { timeout: 120_000 }, async () => {
    proves('B9.03');
    let slowEnded, sent = 0;
    const slowOver = new Promise((done) => (slowEnded = done));
    pages['/slow'] = (req, res) => {                      // a byte each 100 ms, without end
        res.writeHead(200, { 'Content-Type': 'text/html' });
        const timer = setInterval(() => res.write('x'), 100);
        res.on('close', () => slowEnded(clearInterval(timer)));
    };
    pages['/endless'] = (req, res) => {
        res.writeHead(200, { 'Content-Type': 'text/html' });
        const piece = Buffer.from(html('終わらない').replace('</head>', '<!-- ') + 'x'.repeat(65536));
        const more = () => {
            for (let goes = true; goes && !res.destroyed; sent += piece.length)
                goes = res.write(piece);
        };
        res.on('drain', more);
        more();
    };
    pages['/bomb'] = (req, res) => res.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' }).end(zlib.gzipSync(Buffer.alloc(64 << 20, '<b>')));
    pages['/deep'] = (req, res) => res.writeHead(200, { 'Content-Type': 'text/html' }).end('<html><head>' + '<div>'.repeat(200_000) + '<title>深い</title>');
    pages['/silent'] = () => {};
    pages['/noise'] = (req, res) => res.writeHead(200, { 'Content-Type': 'text/html' }).end(Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919) & 255)));
    pages['/exe'] = (req, res) => res.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end('MZ');
    pages['/empty'] = (req, res) => res.writeHead(200, { 'Content-Type': 'text/html' }).end();
    await cardless(['/slow', '/silent', '/bomb', '/deep', '/noise', '/exe', '/empty', '/gone'].map((p) => `http://${WEB}${p}`));
    await slowOver;
    const m = await carded(`http://${WEB}/endless`);
    assert.equal(m.preview.title, '終わらない', 'what came within the limit is read');
    await until(() => sent > 0, 'the endless page');
    assert.ok(sent < 64 << 20, `${sent} bytes were taken`);
    /* To the byte: what stands before the limit is read, what stands behind it is not. */
    const late = (n) => '<html><head><!--' + 'x'.repeat(n - 19) + '--><title>限り</title></head></html>';
    const edge = (1 << 20) - Buffer.byteLength('<title>限り</title>');
    pages['/before'] = late(edge);
    pages['/behind'] = late(1 << 20);
    assert.equal((await carded(`http://${WEB}/before`)).preview.title, '限り');
    await cardless([`http://${WEB}/behind`]);
    pages['/bigpic'] = html('大きな写真', '<meta property="og:image" content="/huge.png">');
    pages['/huge.png'] = (req, res) => res.writeHead(200, { 'Content-Type': 'image/png' }).end(Buffer.concat([png(8, 8), Buffer.alloc(2 << 20)]));
    assert.equal((await carded(`http://${WEB}/bigpic`)).preview.width, undefined);
    pages['/liepic'] = html('嘘の写真', '<meta property="og:image" content="/lie.png">');
    pages['/lie.png'] = (req, res) => res.writeHead(200, { 'Content-Type': 'image/png' }).end('<script>alert(1)</script>');
    assert.equal((await carded(`http://${WEB}/liepic`)).preview.width, undefined);
});

test('a page has 5 seconds by the clock of the product', async () => {
    proves('B9.03');
    let came, gone;
    const [asks, ends] = [new Promise((d) => (came = d)), new Promise((d) => (gone = d))];
    pages['/waits'] = (req) => {
        req.socket.on('close', gone);
        came();
    };
    const late = () => (house.logText().match(/nothing stands behind a link: it took too long/g) ?? []).length;
    const before = late();
    await post(`http://${WEB}/waits`);
    await asks;
    await acme.clock(5000);
    await ends;
    await until(() => late() === before + 1, 'what the tenant says of it');
    await acme.clock(0);
});

test('the card follows the text: edited it is another one, taken back there is none, and who is not in the room has none', async () => {
    pages['/a'] = html('甲');
    pages['/b'] = html('乙');
    const m = await carded(`http://${WEB}/a と http://${WEB}/b`);
    assert.equal(m.preview.title, '甲', 'of the first address');
    assert.equal((await ann.put(`/messages/${m.id}`, { text: `http://${WEB}/b` })).status, 200);
    const edited = (await ws.event('talk.message.changed', (e) => e.data.id === m.id && e.data.preview?.title === '乙')).data;
    assert.equal(edited.text, `http://${WEB}/b`);
    const out = await (await acme.add('out')).signIn();
    assert.equal((await picture(edited, out)).status, 404);
    assert.equal((await ann.post(`/messages/${m.id}/take-back`)).status, 200);
    assert.equal((await read(m.id)).preview, undefined);
});

test('a page is fetched again after a day, one that gave nothing after ten minutes, and forgotten after 90 days', async () => {
    pages['/news'] = html('朝の記事');
    const m = await carded(`http://${WEB}/news`);
    await cardless([`http://${WEB}/later`]);
    pages['/news'] = html('夕方の記事');
    pages['/later'] = html('あとでできた');
    const seen = () => asked.filter((a) => a.url === '/news').length;
    assert.equal((await post(`http://${WEB}/news`)).preview.title, '朝の記事');
    await acme.clock(11 * 60_000);
    assert.equal((await post(`http://${WEB}/news`)).preview.title, '朝の記事');
    assert.equal((await carded(`http://${WEB}/later`)).preview.title, 'あとでできた');
    assert.equal(seen(), 1);
    await acme.clock(DAY + 1000);
    const old = await post(`http://${WEB}/news`);
    assert.equal(old.preview.title, '朝の記事', 'what is known is shown meanwhile');
    assert.equal((await ws.event('talk.message.changed', (e) => e.data.id === old.id)).data.preview.title, '夕方の記事');
    assert.equal((await read(m.id)).preview.title, '夕方の記事');
    await acme.clock(92 * DAY);
    await ben.signIn();
    await until(async () => !(await read(m.id)).preview, 'the night in which it is forgotten');
});
