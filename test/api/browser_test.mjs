// What a browser is told with every answer, and what another site's pages cannot do.
import { furnish, httpOps, rightCall, send, tables } from '../lib/calls.mjs';
import { Client, exchange } from '../lib/http.mjs';
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';
import { Socket } from '../lib/ws.mjs';

const NAME = 'chat.engawa.example';
let house, acme, ann, web;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });  // a thousand calls of one address
    await house.stop();
    house.configure('origin', `${house.origin}, https://${NAME}`);
    await house.boot();
    acme = await openTenant(house, 'acme');
    ann = await acme.add('ann');
    await ann.signIn();
    await acme.chief.signIn();
    await acme.chief.openConsole();
    acme.world = { room: await acme.room('間', ann, acme.chief), victim: await acme.add('victim'), paused: await acme.add('paused', { role: 'operator' }), otherSession: async () => '1' };
    await furnish(acme.world, acme);
    web = new Client(house);
});
after(() => house.remove());

const ALWAYS = {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Answers of every kind that there is. */
async function everyKind(headers = {}) {
    const o = { headers };
    const page = await web.get('/', o);
    const asset = page.text.match(/\/assets\/[\w.-]+\.js/)[0];
    return {
        page,
        'a page of the client': await web.get('/console/members', o),
        script: await web.get(asset, o),
        'not modified': await web.get(asset, { headers: { ...headers, 'If-None-Match': (await web.get(asset, o)).header('ETag') } }),
        head: await web.request('HEAD', '/', o),
        health: await web.get('/healthz', o),
        'no such file': await web.get('/no.such', o),
        'well-known': await web.get('/.well-known/security.txt', o),
        'api 200': await ann.get('/me', o),
        'api 400': await ann.get('/me?x=1', o),
        'api 401': await web.get(ann.path('/me'), o),
        'api 403': await ann.get('/console/menu', o),
        'api 404': await ann.get('/rooms/7', o),
        'no such operation': await ann.get('/nothing', o),
        'api 405': await ann.client.request('PATCH', ann.path('/me'), o),
        'no such tenant': await web.get('/t/1/me', o),
        'no number': await web.get('/t/x/me', o),
        'sign-in refused': await web.post('/w/nowhere/session', { id: 'x', password: 'x', client: 'web' }, { headers: { ...headers, ...(headers.Host ? { Origin: `https://${NAME}` } : {}) } }),
        'foreign host': await web.get('/', { headers: { Host: 'evil.example' } }),
        malformed: (await exchange(house, 'GET / HTTP/1.1\r\n\r\n')).answer,
        websocket: (await Socket.open(ann.client, ann.path('/ws'), 'x', { headers: { ...headers, ...(headers.Host ? { Origin: `https://${NAME}` } : {}) } })).answer,
    };
}

test('every answer carries the headers that keep browsers from harm', async () => {
    proves('B8.01', 'B8.02');
    const all = await everyKind();
    all['websocket open'] = (await ann.socket()).answer;
    const want = {
        page: 200, 'a page of the client': 200, script: 200, 'not modified': 304, head: 200, health: 200, 'no such file': 404, 'well-known': 404,
        'api 200': 200, 'api 400': 400, 'api 401': 401, 'api 403': 403, 'api 404': 404, 'no such operation': 404, 'api 405': 405,
        'no such tenant': 401, 'no number': 401, 'sign-in refused': 401, 'foreign host': 421, malformed: 400, websocket: 401, 'websocket open': 101,
    };
    for (const [what, r] of Object.entries(all)) {
        assert.equal(r.status, want[what], what);
        for (const [name, value] of Object.entries(ALWAYS))
            assert.equal(r.header(name), value, `${what}: ${name}`);
        assert.equal(r.headers.filter(([n]) => n === 'Content-Security-Policy').length, 1, what);
        const policy = r.header('Content-Security-Policy').replaceAll(/ https:\/\/files\.localhost:\d+(?=;)/g, '');    // of what files are had from
        const csp = Object.fromEntries(policy.split('; ').map((d) => [d.split(' ')[0], d.split(' ').slice(1).join(' ')]));
        assert.equal(csp['default-src'], "'none'", what);
        assert.equal(csp['script-src'], "'self'", what);
        assert.equal(csp['style-src'], "'self'", what);
        assert.equal(csp['base-uri'], "'none'", what);
        assert.equal(csp['frame-ancestors'], "'none'", what);
        assert.equal(csp['form-action'], "'self'", what);
        assert.equal(csp['require-trusted-types-for'], "'script'", what);
        assert.equal(csp['trusted-types'], 'engawa', what);
        assert.equal(/unsafe|nonce|data:|https:|\*|strict-dynamic/.test(policy), false, what);
        assert.match(r.header('Permissions-Policy'), /geolocation=\(self\).*usb=\(\)/, what);
        assert.equal(r.header('Strict-Transport-Security'), undefined, `${what}: localhost is never to be remembered`);
        assert.equal(r.headers.some(([n]) => /^(server|x-powered-by|access-control)/i.test(n)), false, what);
        const api = !['page', 'a page of the client', 'script', 'not modified', 'head', 'websocket open'].includes(what);
        if (api)
            assert.equal(r.header('Cache-Control'), 'no-store', what);
        if (r.status >= 400)
            assert.equal(/0\.1\.0|src\/|\.c:|sqlite|SELECT|engawad/i.test(r.text), false, `${what} tells of the inside`);
    }
    const page = all.page.text;
    assert.equal(/<script(?![^>]*\bsrc=)/.test(page), false, 'no inline script');
    assert.equal(/\son\w+=|\sstyle=|<style/.test(page), false, 'no inline handler or style');
});

test('files are had from an origin of their own: nothing else is there, no cookie is taken or sent', async () => {
    proves('FIL-12', 'B7.07');
    const HTML = Buffer.from('<!doctype html><script>alert(document.domain)</script>');
    const id = (await ann.send(await acme.room('ファイル', ann, acme.chief), [['見積 "1".html', HTML]])).json.content.files[0].id;
    const url = await ann.fileUrl(id), path = url.slice(house.files.length);
    assert.ok(url.startsWith(`${house.files}/t/`), url);
    const csp = (await web.get('/')).header('Content-Security-Policy');
    for (const d of ['img-src', 'media-src', 'connect-src'])
        assert.ok(csp.split('; ').find((x) => x.startsWith(`${d} `)).endsWith(` ${house.files}`), csp);

    assert.equal((await web.get(path)).status, 404, 'not from the client\'s origin');
    const cookies = { Cookie: [...acme.chief.client.cookies].map(([k, v]) => `${k}=${v}`).join('; ') };
    const asked = await web.get(`${house.files}${acme.chief.path('/me')}`, { headers: cookies });
    assert.equal((await web.get(acme.chief.path('/me'), { headers: cookies })).status, 200);
    assert.equal(asked.status, 404, 'no operation');
    for (const other of ['/', '/app', '/console', '/healthz', '/terms', '/.well-known/security.txt', acme.chief.path('/ws'), acme.chief.path('/files/1'), '/t/x/file', '/sw.js'])
        assert.equal((await web.get(house.files + other, { headers: cookies })).status, 404, other);
    assert.equal((await web.post(`${house.files}/w/acme/session`, { id: 'ann', password: 'x', client: 'web' })).status, 404);

    const r = await web.get(url, { headers: cookies });
    assert.equal(r.status, 200);
    assert.ok(r.body.equals(HTML));
    assert.match(r.header('Content-Disposition'), /^attachment; .*filename\*=UTF-8''%E8%A6%8B%E7%A9%8D/);
    assert.match(r.header('Content-Type'), /^text\/plain/);
    for (const a of [r, asked, await web.get(url)]) {      // … and when there is nothing (any more)
        assert.equal(a.headers.some(([n]) => n === 'Set-Cookie'), false);
        assert.equal(a.header('X-Content-Type-Options'), 'nosniff');
        assert.match(a.header('Content-Security-Policy'), /default-src 'none'.* sandbox/);
        assert.equal(a.header('Cross-Origin-Resource-Policy'), 'cross-origin');
        assert.equal(a.header('Access-Control-Allow-Origin'), undefined, 'nobody\'s page asked');
    }
    assert.equal((await web.get(url)).status, 410);
});

test('where the certificate does not cover it, files come from the same origin', async () => {
    const id = (await ann.send(await acme.room('証明書', ann, acme.chief), [['a.txt', Buffer.from('縁側')]])).json.content.files[0].id;
    const headers = { Host: NAME, Origin: `https://${NAME}` };
    const url = (await ann.client.post(ann.path(`/files/${id}/ticket`), { use: 'save' }, { headers })).json.url;
    assert.match(url, /^\/t\/\d+\/file\//);
    const r = await web.get(url, { headers: { Host: NAME } });
    assert.equal(r.text, '縁側');
    assert.equal(r.header('Access-Control-Allow-Origin'), undefined);
    assert.equal((await web.get('/', { headers: { Host: `files.${NAME}` } })).status, 421);
    assert.match(house.logText(), /files: the certificate does not cover files\.chat\.engawa\.example/);
});

test('of a bare address they have the next port where we listen there; files = none says that they have no origin', async () => {
    const h = await House.start();
    try {
        const there = async (...hosts) => Promise.all(hosts.map(async (Host) => (await new Client(h).get('/', { headers: { Host } })).status === 404));
        const both = [`files.localhost:${h.port}`, `127.0.0.1:${h.port + 1}`];
        await h.stop();
        h.configure('origin', `${h.origin}, https://127.0.0.1:${h.port}`);
        await h.boot();
        assert.deepEqual(await there(...both), [true, false]);
        assert.match(h.logText(), new RegExp(`files: nothing listens at 127\\.0\\.0\\.1:${h.port + 1}`));
        await h.stop();
        h.configure('listen', `127.0.0.1:${h.port}, 127.77.0.1:${h.port + 1}`);
        await h.boot();
        assert.deepEqual(await there(...both), [true, true]);
        await h.stop();
        h.configure('files', 'none');
        await h.boot();
        assert.deepEqual(await there(...both), [false, false]);
    } finally {
        await h.remove();
    }
});

test('only a configured real name is remembered as secure', async () => {
    proves('B8.01');
    const all = await everyKind({ Host: NAME });
    for (const [what, r] of Object.entries(all)) {
        const unnamed = what === 'foreign host' || what === 'malformed';
        assert.equal(r.header('Strict-Transport-Security'), unnamed ? undefined : 'max-age=63072000', what);
    }
});

const SITES = ['null', 'https://evil.example', 'http://localhost', 'https://localhost', 'https://localhost:1'];

test('no other site may read anything', async () => {
    proves('B8.03');
    const odd = [...SITES, `${house.origin}.evil.example`, `https://evil-localhost:${house.port}`, `http://localhost:${house.port}`, `${house.origin}0`, `${house.origin}/`];
    for (const Origin of odd)
        for (const r of [
            await ann.get('/me', { headers: { Origin } }),
            await web.get('/', { headers: { Origin } }),
            await web.get('/healthz', { headers: { Origin } }),
            await ann.client.request('OPTIONS', ann.path('/session'), { headers: { Origin, 'Access-Control-Request-Method': 'DELETE', 'Access-Control-Request-Headers': 'x-engawa' } }),
            await ann.delete('/session', { headers: { Origin } }),
        ]) {
            assert.equal(r.headers.some(([n]) => /^access-control-/i.test(n)), false, Origin);
            assert.equal(r.header('Cross-Origin-Resource-Policy'), 'same-origin');
        }
    assert.equal((await ann.get('/me')).status, 200);
});

test('no other site may do anything: every unsafe operation, sign-in and log-out among them', async () => {
    proves('B8.04');
    const odd = {
        ...Object.fromEntries([...SITES, `${house.origin}.evil.example`, `${house.origin}0`, `http://localhost:${house.port}`].map((o) => [`Origin ${o}`, { Origin: o }])),
        'no origin': { Origin: null },
        'our other name': { Origin: `https://${NAME}` },
        'cross-site': { 'Sec-Fetch-Site': 'cross-site' },
        'same-site': { 'Sec-Fetch-Site': 'same-site' },
        'cross-site without origin': { Origin: null, 'Sec-Fetch-Site': 'cross-site' },
        navigation: { Origin: null, 'Sec-Fetch-Site': 'none' },
        'no mark': { 'X-Engawa': null },
        'another mark': { 'X-Engawa': '2' },
    };
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain; charset=application/json', null];
    const unsafe = httpOps.filter((o) => o.method !== 'GET');
    assert.ok(unsafe.length >= 14);
    let cells = 0;
    const refused = (r, what) => {
        assert.equal(r.status, 403, `${what}: ${r.text}`);
        assert.equal(r.json.error.code, 'cross_site', what);
        assert.equal(r.header('Set-Cookie'), undefined, what);
        cells++;
    };
    const p = acme.chief;
    for (const op of unsafe) {
        const call = op.name === 'device.session' ? { body: { device: '1', time: 1, signature: 'A'.repeat(86) } } : await rightCall(op, p, { ...acme.world, message: '1', file: '1' });   // nothing is made for it
        for (const [what, headers] of Object.entries(odd))
            refused(await send(op, p, call, { headers }), `${op.name}: ${what}`);
        for (const type of types)
            refused(await send(op, p, { ...call, body: JSON.stringify(call.body ?? {}) }, { headers: { 'Content-Type': type } }), `${op.name}: ${type}`);
        const get = await p.get(op.path.replace(/:[a-z]+/, call.object ?? '1'));
        const also = httpOps.some((o) => o.method === 'GET' && o.path === op.path);
        assert.equal(get.status === 405 || also, true, `${op.name}: a GET changes nothing: ${get.status}`);
        cells++;
    }
    for (const headers of Object.values(odd))               // sign-in by its public address
        refused(await new Client(house).post('/w/acme/session', { id: 'ann', password: ann.password, client: 'web' }, { headers }), 'sign-in');
    for (const type of types)
        refused(await new Client(house).post('/w/acme/session', JSON.stringify({ id: 'ann', password: ann.password, client: 'web' }), { headers: { 'Content-Type': type } }), 'sign-in');
    // Nothing of it happened, and the right call is done.
    assert.equal((await p.get('/console/menu')).status, 200);
    assert.deepEqual((await p.get(`/rooms/${acme.world.room}/messages`)).json.messages, []);
    assert.equal((await p.get('/console/members')).json.members.find((m) => m.login === 'victim').status, 'active');
    for (const headers of [{}, { 'Sec-Fetch-Site': 'same-origin' }, { Origin: null, 'Sec-Fetch-Site': 'same-origin' }])
        assert.equal((await p.say(acme.world.room, 'von uns')).status, 200, JSON.stringify(headers));
    assert.equal((await ann.elsewhere().trySignIn()).status, 200);
    console.log(`another site's pages: ${cells} cells`);
});

test('an error says its code, its sentence and a number, and nothing of the inside', async () => {
    proves('B8.09');
    const sentences = new Set(tables.errors.flatMap((e) => [e.ja, e.en]));
    const codes = new Set(tables.errors.map((e) => e.code)), met = new Set(), refs = new Set();
    let errors = 0;
    const bodies = ['{', '[]', '{"nonsense":1}', '{"text":"\\u0000"}', JSON.stringify({ id: "' OR 1=1 --", password: 'x', client: 'web' }), '\xff'];
    const who = [ann.elsewhere(), await ann.elsewhere().signIn(), await (await acme.chief.elsewhere().signIn()).openConsole()];
    for (const p of who)
        for (const op of [...httpOps, { name: 'none', method: 'GET', path: '/nothing' }, { name: 'method', method: 'PATCH', path: '/me' }])
            for (const body of op.method === 'GET' ? [undefined] : bodies)
                for (const query of op.method === 'GET' ? ['', '?x=%27', '?limit=-1&q=%00'] : ['']) {
                    if (['session.end', 'console.end', 'session.close_all'].includes(op.name))
                        continue;
                    const r = await p.client.request(op.method, p.path(op.path.replace(/:[a-z]+/, '9')) + query, { body });
                    if (r.status < 400)
                        continue;
                    errors++;
                    const { code, message, ref, field, count, ...more } = r.json.error;
                    assert.deepEqual([more, Object.keys(r.json)], [{}, ['error']], op.name);
                    assert.ok(codes.has(code), `${op.name}: ${code}`);
                    assert.ok(sentences.has(message), `${op.name}: ${message}`);
                    assert.match(ref, /^[0-9a-f]{12}$/);
                    assert.ok(!refs.has(ref), 'each has its own number');
                    refs.add(ref);
                    assert.ok(field === undefined || /^[\w.]+$/.test(field), `${op.name}: ${field}`);
                    met.add(code);
                }
    console.log(`${errors} errors of ${met.size} kinds: ${[...met].join(', ')}`);
    assert.ok(errors > 500 && met.size >= 6);
});

test('nothing leads out of the house: a next address is none of ours', async () => {
    proves('B8.10');
    const odd = ['//evil.example', '/\\evil.example', '/%5cevil.example', 'https:evil.example', 'https://evil.example', '/%0d%0aLocation:%20https://evil.example', '%2f%2fevil.example', 'javascript:alert(1)'];
    let answers = 0;
    for (const next of odd)
        for (const path of [`/?next=${next}`, `/login?next=${next}`, `/console?next=${next}`, `/?return_to=${next}`, `/?url=${next}`, ...(next.startsWith('/') ? [next] : [`/${next}`])]) {
            const { answer } = await exchange(house, `GET ${path} HTTP/1.1\r\nHost: localhost:${house.port}\r\n\r\n`, { closes: false });
            assert.ok(answer.status === 200 || answer.status >= 400, `${path}: ${answer.status}`);
            assert.equal(answer.header('Location'), undefined, path);
            assert.equal(answer.header('Refresh'), undefined, path);
            assert.equal(/evil\.example/.test(answer.head) || /evil\.example|http-equiv="refresh"/.test(answer.text), false, `${path} comes back`);
            answers++;
        }
    assert.ok(answers >= 40);
});

test('who logs out leaves nothing in the browser\'s cache', async () => {
    proves('B8.12');
    const p = await ann.elsewhere().signIn();
    assert.equal((await p.get('/me')).header('Clear-Site-Data'), undefined);
    const r = await p.delete('/session');
    assert.equal(r.status, 200);
    assert.equal(r.header('Clear-Site-Data'), '"cache"', 'not more: another tenant may be open beside');
    assert.equal((await p.delete('/session')).header('Clear-Site-Data'), undefined, 'a refusal clears nothing');
});
