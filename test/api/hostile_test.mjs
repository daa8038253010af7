// Bytes that no honest client sends: HTTP, JSON and WebSocket frames. Each is refused by name, and the house stands.
import fs from 'node:fs';
import { randomBytes } from 'node:crypto';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { exchange, newAddress, Wire } from '../lib/http.mjs';
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';
import { BINARY, CLOSE, frame, PING, Socket, TEXT } from '../lib/ws.mjs';

let house, acme, ann, room, edge;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'acme');
    ann = await acme.add('ann');
    room = await acme.room('間', ann);
    await ann.signIn();
    edge = (await house.op('health')).roles.find((r) => r.role === 'edge').pid;
});
after(async () => {
    const now = (await house.op('health')).roles.find((r) => r.role === 'edge').pid;
    await house.remove();
    assert.equal(now, edge, 'the edge was not restarted');
});

const last = async () => (await ann.get(`/rooms/${room}`)).json.room.last_seq;
const host = () => `Host: localhost:${house.port}\r\n`;
const ours = () => `${host()}Origin: ${house.origin}\r\nX-Engawa: 1\r\n`;
const NEXT = () => `GET /healthz HTTP/1.1\r\n${host()}\r\n`;

/** One answer with this status, then the end: what stands behind it is never taken for a request. */
async function refused(bytes, status, what) {
    const { answer, closed } = await exchange(house, Buffer.concat([Buffer.from(bytes, 'latin1'), Buffer.from(NEXT())]));
    assert.ok(answer, `${what}: no answer`);
    assert.equal(answer.status, status, `${what}: ${answer.text}`);
    assert.equal(answer.header('Connection'), 'close', what);
    assert.equal(closed, true, `${what}: a second answer came`);
}

test('requests that two readers could read differently are refused and the connection ends', async () => {
    proves('B8.05');
    const post = (headers, body = '') => `POST /w/acme/session HTTP/1.1\r\n${ours()}Content-Type: application/json\r\n${headers}\r\n${body}`;
    const get = (headers) => `GET /healthz HTTP/1.1\r\n${headers}\r\n`;
    const bad = {
        'length and coding': post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
        'coding and length': post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'),
        'two codings': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
        'two codings, one odd': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n', '0\r\n\r\n'),
        'a list of codings': post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'),
        'chunked twice in one': post('Transfer-Encoding: chunked, chunked\r\n', '0\r\n\r\n'),
        identity: post('Transfer-Encoding: identity\r\n'),
        'a coding in disguise': post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'),
        'a coding with a tab inside': post('Transfer-Encoding: chun\tked\r\n', '0\r\n\r\n'),
        'two lengths, different': post('Content-Length: 2\r\nContent-Length: 3\r\n', '{}'),
        'two lengths, equal': post('Content-Length: 2\r\nContent-Length: 2\r\n', '{}'),
        'a list of lengths': post('Content-Length: 2, 2\r\n', '{}'),
        'plus': post('Content-Length: +2\r\n', '{}'),
        minus: post('Content-Length: -2\r\n', '{}'),
        hex: post('Content-Length: 0x2\r\n', '{}'),
        'leading zero': post('Content-Length: 02\r\n', '{}'),
        'no number': post('Content-Length: two\r\n', '{}'),
        'no length': post('Content-Length:\r\n', '{}'),
        'a huge number': post('Content-Length: 18446744073709551618\r\n', '{}'),
        'folded line': get(`${host()}X: a\r\n b\r\n`),
        'folded by a tab': get(`${host()}X: a\r\n\tb\r\n`),
        'folded first line': get(` ${host()}`),
        'bare LF': `GET /healthz HTTP/1.1\n${host()}\r\n`,
        'bare LF in the headers': get(`${host()}X: a\nY: b\r\n`),
        'LF LF at the end': `GET /healthz HTTP/1.1\r\n${host().trimEnd()}\n\n`,
        'bare CR': get(`${host()}X: a\rY: b\r\n`),
        'CR CR LF': get(`${host()}X: a\r\r\n`),
        'blank before the colon': get(`${host()}X : a\r\n`),
        'tab before the colon': get(`${host()}X\t: a\r\n`),
        'blank in a name': get(`${host()}X Y: a\r\n`),
        'no name': get(`${host()}: a\r\n`),
        'no colon': get(`${host()}X\r\n`),
        'NUL in a value': get(`${host()}X: a\0b\r\n`),
        'NUL in a name': get(`${host()}X\0: a\r\n`),
        'DEL in a value': get(`${host()}X: a\x7f\r\n`),
        'no host': get(''),
        'two hosts': get(host() + host()),
        'empty host': get('Host:\r\n'),
        'a user in the host': get(`Host: evil@localhost:${house.port}\r\n`),
        'a chunk without digits': post('Transfer-Encoding: chunked\r\n', '\r\n0\r\n\r\n'),
        'a chunk with an extension': post('Transfer-Encoding: chunked\r\n', '2;a=b\r\n{}\r\n0\r\n\r\n'),
        'a chunk shorter than its size says': post('Transfer-Encoding: chunked\r\n', '5\r\n{}\r\n0\r\n\r\n'),
        'a chunk longer than its size says': post('Transfer-Encoding: chunked\r\n', '1\r\n{}\r\n0\r\n\r\n'),
        'a size with a sign': post('Transfer-Encoding: chunked\r\n', '+2\r\n{}\r\n0\r\n\r\n'),
        'a size with 0x': post('Transfer-Encoding: chunked\r\n', '0x2\r\n{}\r\n0\r\n\r\n'),
        'a size with zeros before it': post('Transfer-Encoding: chunked\r\n', '0002\r\n{}\r\n0\r\n\r\n'),
        'a size with a blank': post('Transfer-Encoding: chunked\r\n', '2 \r\n{}\r\n0\r\n\r\n'),
        'an enormous size': post('Transfer-Encoding: chunked\r\n', 'FFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n'),
        'LF after a size': post('Transfer-Encoding: chunked\r\n', '2\n{}\r\n0\r\n\r\n'),
        'a trailer': post('Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\nX: y\r\n\r\n'),
        'a body of a GET': get(`${host()}Content-Length: 2\r\n`) + '{}',
        'chunks of a GET': get(`${host()}Transfer-Encoding: chunked\r\n`) + '0\r\n\r\n',
        'HTTP/1.0': `GET /healthz HTTP/1.0\r\n${host()}\r\n`,
        'HTTP/1.2': `GET /healthz HTTP/1.2\r\n${host()}\r\n`,
        'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        'no version': `GET /healthz\r\n${host()}\r\n`,
        'two blanks': `GET  /healthz HTTP/1.1\r\n${host()}\r\n`,
        'a blank behind': `GET /healthz HTTP/1.1 \r\n${host()}\r\n`,
        'a tab between': `GET\t/healthz HTTP/1.1\r\n${host()}\r\n`,
        'an empty line before': `\r\nGET /healthz HTTP/1.1\r\n${host()}\r\n`,
        'an asterisk': `GET * HTTP/1.1\r\n${host()}\r\n`,
        'no slash': `GET healthz HTTP/1.1\r\n${host()}\r\n`,
        'up the path': `GET /t/../healthz HTTP/1.1\r\n${host()}\r\n`,
        'up the path, escaped': `GET /t/%2e%2E/healthz HTTP/1.1\r\n${host()}\r\n`,
        'NUL, escaped': `GET /healthz%00 HTTP/1.1\r\n${host()}\r\n`,
        'CRLF, escaped': `GET /healthz%0d%0aX:y HTTP/1.1\r\n${host()}\r\n`,
        'half an escape': `GET /healthz%4 HTTP/1.1\r\n${host()}\r\n`,
        'bytes over 127': `GET /\xe6\x97\xa5 HTTP/1.1\r\n${host()}\r\n`,
        'a fragment': `GET /healthz#a HTTP/1.1\r\n${host()}\r\n`,
        'a backslash': `GET /\\healthz HTTP/1.1\r\n${host()}\r\n`,
        'another expectation': post('Expect: 200-ok\r\nContent-Length: 2\r\n', '{}'),
        'no HTTP': '\x16\x03\x01\x02\0',
    };
    for (const [what, bytes] of Object.entries(bad))
        await refused(bytes, 400, what);
    console.log(`HTTP: ${Object.keys(bad).length} malformed requests`);
    // Their right twins, two on one connection.
    const w = await Wire.connect(house);
    const body = JSON.stringify({ id: 'ann', password: 'falsch', client: 'web' });
    w.write(post(`Content-Length: ${body.length}\r\n`, body) + post('Transfer-Encoding: chunked\r\n',
        `${(5).toString(16)}\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\n\r\n`) + NEXT());
    assert.equal((await w.answer()).json.error.code, 'sign_in');
    assert.equal((await w.answer()).json.error.code, 'sign_in');
    assert.deepEqual((await w.answer()).json, { status: 'ok' });
    w.close();
});

test('what is too large is refused before it is read', async () => {
    proves('B8.08', 'B1.02');
    const post = (length) => `POST /w/acme/session HTTP/1.1\r\n${ours()}Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
    for (const bytes of [post(1 << 20), post(49_153), post(999_999_999_999_999)]) {
        const { answer, closed } = await exchange(house, bytes);
        assert.equal(answer.status, 413);
        assert.equal(answer.json.error.code, 'too_large');
        assert.equal(closed, true);
    }
    const head = `GET /healthz HTTP/1.1\r\n${host()}`;
    for (const bytes of [
        `${head}X: ${'a'.repeat(20_000)}\r\n\r\n`,
        head + Array.from({ length: 100 }, (_, i) => `X${i}: 1\r\n`).join('') + '\r\n',
        `GET /${'a'.repeat(9000)} HTTP/1.1\r\n${host()}\r\n`,
    ])
        assert.equal((await exchange(house, bytes)).answer.status, 413);
    const chunks = 'Transfer-Encoding: chunked\r\n\r\n' + `1000\r\n${'x'.repeat(4096)}\r\n`.repeat(13);
    assert.equal((await exchange(house, `POST /w/acme/session HTTP/1.1\r\n${ours()}Content-Type: application/json\r\n${chunks}`)).answer.status, 413);
    const bomb = gzipSync(Buffer.alloc(40 << 20));
    assert.ok(bomb.length < 45_000);
    const zipped = await ann.post(`/rooms/${room}/messages`, bomb, { headers: { 'Content-Encoding': 'gzip' } });
    assert.equal(zipped.status, 400);
    for (const q of ['limit=5&limit=6', 'limit=5&limit=5', 'limit=%35&limit=5'])
        assert.equal((await ann.get(`/rooms/${room}/messages?${q}`)).status, 400, q);
    assert.equal((await ann.get(`/rooms/${room}/messages?limit=5`)).status, 200);
});

test('methods that we do not speak get 405, whatever header or query says otherwise', async () => {
    proves('B8.07');
    for (const m of ['TRACE', 'CONNECT', 'BREW', 'get', 'Post', 'PROPFIND', 'OPTIONS'])
        for (const path of ['/', '/healthz', ann.path('/me'), '/w/acme/session']) {
            const { answer } = await exchange(house, `${m} ${path} HTTP/1.1\r\n${ours()}\r\n`, { closes: false });
            assert.equal(answer.status, 405, `${m} ${path}`);
            assert.equal(answer.json.error.code, 'method');
            assert.equal(answer.text.includes('X-Engawa'), false, 'nothing of the request comes back');
        }
    for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])
        assert.equal((await ann.post('/session', undefined, { headers: { [name]: 'DELETE' } })).status, 405, name);
    assert.equal((await ann.get('/session?_method=DELETE')).status, 405);
    assert.equal((await ann.get('/me')).status, 200, 'nobody was signed out');
    assert.equal((await ann.client.request('PATCH', ann.path('/me'))).status, 405);
    assert.equal((await ann.client.request('HEAD', '/healthz')).status, 200);
});

test('another host than ours is not served', async () => {
    proves('B8.11');
    const get = (headers, target = '/healthz') => exchange(house, `GET ${target} HTTP/1.1\r\n${headers}\r\n`, { closes: false });
    for (const h of ['evil.example', 'localhost', `localhost:${house.port + 1}`, `evil.example:${house.port}`, `localhost.evil.example:${house.port}`,
        `127.0.0.1:${house.port}`, `[::1]:${house.port}`]) {
        const { answer } = await get(`Host: ${h}\r\n`);
        assert.equal(answer.status, 421, h);
        assert.equal(answer.json.error.code, 'misdirected');
        assert.equal(answer.text.includes(h), false);
    }
    for (const target of [`https://evil.example/healthz`, `http://localhost:${house.port}/healthz`, `${house.origin}/healthz`])
        assert.equal((await get(host(), target)).answer.status, 421, target);
    assert.equal((await get(host(), '//evil.example/healthz')).answer.status !== 301, true);
    assert.equal((await get(`${host()}X-Forwarded-Host: evil.example\r\n`)).answer.status, 421);
    assert.equal((await get(`${host()}X-Forwarded-Host: localhost:${house.port}\r\n`)).answer.status, 200);
    assert.equal((await get(host())).answer.status, 200);
    // The address comes from the connection alone.
    const p = ann.elsewhere();
    p.client.headers = { 'X-Forwarded-For': '203.0.113.9', Forwarded: 'for=203.0.113.9', 'X-Real-IP': '203.0.113.9' };
    await p.signIn();
    assert.equal((await p.get('/sessions')).json.sessions.find((s) => s.current).ip, p.client.address);
});

const S = (text) => `{"key":"${newKey()}","text":${text}}`;
const BAD_JSON = {
    NaN: () => S('NaN'),
    Infinity: () => S('-Infinity'),
    '1e999': () => `{"key":"${newKey()}","text":"a","n":1e999}`,
    'a number of 400 digits': () => `{"key":"${newKey()}","text":"a","n":${'9'.repeat(400)}}`,
    'a key twice': () => `{"key":"${newKey()}","text":"a","text":"b"}`,
    'a key twice, escaped': () => `{"key":"${newKey()}","text":"a","te\\u0078t":"b"}`,
    'a lone high surrogate': () => S('"\\ud83c"'),
    'a lone low surrogate': () => S('"\\udf63"'),
    'surrogates the wrong way round': () => S('"\\udf63\\ud83c"'),
    'NUL, escaped': () => S('"a\\u0000b"'),
    'NUL, raw': () => S('"a\0b"'),
    'a raw control character': () => S('"a\x01b"'),
    'a raw line feed': () => S('"a\nb"'),
    '65 levels': () => `{"key":"${newKey()}","text":"a","x":${'['.repeat(64)}${']'.repeat(64)}}`,
    '20,000 levels': () => `{"key":"${newKey()}","text":"a","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    '8,000 levels of objects': () => '{"a":'.repeat(8_000) + '1' + '}'.repeat(8_000),
    'an open end': () => S('"a"').slice(0, -1),
    'an open text': () => `{"key":"${newKey()}","text":"a`,
    'a comma too many': () => `{"key":"${newKey()}","text":"a",}`,
    'a comma too few': () => `{"key":"${newKey()}" "text":"a"}`,
    'single quotes': () => `{'key':"${newKey()}","text":"a"}`,
    'a bare key': () => `{key:"${newKey()}","text":"a"}`,
    'a comment': () => `{"key":"${newKey()}",/**/"text":"a"}`,
    'two values': () => `${S('"a"')}${S('"b"')}`,
    'something behind': () => `${S('"a"')}x`,
    'a byte order mark': () => `\ufeff${S('"a"')}`,
    'an unknown escape': () => S('"\\x41"'),
    'half an escape': () => S('"\\u12"'),
    'a zero before a number': () => `{"key":"${newKey()}","text":"a","n":01}`,
    'a plus': () => `{"key":"${newKey()}","text":"a","n":+1}`,
    'a list': () => `[${S('"a"')}]`,
    'a text': () => '"text"',
    null: () => 'null',
    'a number as text': () => S('1'),
    'null as text': () => S('null'),
    'a list as text': () => S('["a"]'),
    '__proto__': () => `{"key":"${newKey()}","text":"a","__proto__":{"role":"super"}}`,
};
const BAD_UTF8 = {
    'overlong slash': [0xc0, 0xaf],
    'overlong NUL': [0xc0, 0x80],
    'a surrogate in UTF-8': [0xed, 0xa0, 0x80],
    'beyond Unicode': [0xf4, 0x90, 0x80, 0x80],
    'five bytes': [0xf8, 0x88, 0x80, 0x80, 0x80],
    'half a character': [0xe3, 0x81],
    'a lone following byte': [0x80],
    'Shift_JIS': [0x93, 0xfa],
};
const around = (bytes) => Buffer.concat([Buffer.from(`{"key":"${newKey()}","text":"a`), Buffer.from(bytes), Buffer.from('b"}')]);

test('bad JSON is bad input by HTTP and by WebSocket, and nothing of it is stored', async () => {
    proves('B6.10');
    const before = await last();
    const ws = await ann.socket();
    let n = 0;
    for (const [what, make] of Object.entries(BAD_JSON)) {
        const r = await ann.client.post(ann.path(`/rooms/${room}/messages`), make());
        assert.equal(r.status, 400, what);
        assert.equal(r.json.error.code, 'invalid_value', what);
        assert.ok(r.json.error.field, what);
        assert.equal((r.text.match(/\d+ *\| *|line \d|src\//) ?? []).length, 0, 'nothing of the parser is told');
        ws.text(`{"id":"x${n}","op":"talk.post","params":{"room":"${room}"},"body":${make()}}`);
        const w = await ws.next((m) => m.status !== undefined, what);
        assert.equal(w.status, 400, `${what} by WebSocket`);
        assert.equal(w.error.code, 'invalid_value');
        n += 2;
    }
    for (const [what, bytes] of Object.entries(BAD_UTF8)) {
        const r = await ann.client.post(ann.path(`/rooms/${room}/messages`), around(bytes));
        assert.equal(r.status, 400, what);
        n++;
    }
    assert.equal(await last(), before);
    // What is wrong in the envelope of a WebSocket's message.
    for (const text of ['', '{}', '[]', '{"id":"1"}', '{"op":"me.read"}', '{"id":1,"op":"me.read"}', '{"id":"1","op":7}', `{"id":"${'x'.repeat(65)}","op":"me.read"}`,
        '{"id":"1","op":"me.read","more":1}', '{"id":"1","op":"me.read","params":[]}', '{"id":"1","op":"me.read","params":{"x":1}}',
        '{"id":"1","op":"me.read","body":{"x":1}}', '{"id":"1","op":"talk.post","params":{"room":7},"body":{}}', `{"id":"1","op":"talk.post","params":{"room":"${room}"}}`]) {
        ws.text(text);
        const w = await ws.next((m) => m.status !== undefined, text);
        assert.equal(w.status, 400, text);
        n++;
    }
    // Its twins: 64 levels are allowed to the reader, a pair of surrogates is one character.
    const twin = await ann.client.post(ann.path(`/rooms/${room}/messages`), S('"\\ud83c\\udf63\\n\\u3042"'));
    assert.equal(twin.status, 200);
    assert.equal(twin.json.text, '🍣\nあ');
    assert.equal((await ws.call('me.read')).status, 200, 'the socket lives on');
    assert.equal(await last(), before + 1);
    ws.end();
    console.log(`JSON: ${n} bad inputs`);
});

/** Kilobytes of memory that the edge holds of its own. */
const memory = () => Number(fs.readFileSync(`/proc/${edge}/status`, 'utf8').match(/^RssAnon:\s+(\d+)/m)[1]);

test('frames that the protocol forbids close the WebSocket with the code that says why', async () => {
    proves('B6.11');
    const bomb = deflateRawSync(Buffer.alloc(10 << 20));
    const nonMinimal = Buffer.from([0x81, 0xfe, 0, 5, 1, 2, 3, 4, 1, 2, 3, 4, 5]);
    const bad = {
        unmasked: [1002, frame(TEXT, '{}', { mask: false })],
        'unmasked ping': [1002, frame(PING, '', { mask: false })],
        'length of 2^63': [1002, frame(TEXT, '', { length: 1n << 63n })],
        'length of 2^64 - 1': [1002, frame(TEXT, '', { length: (1n << 64n) - 1n })],
        'length of 2^62': [1009, frame(TEXT, '', { length: 1n << 62n })],
        'length of 65,537': [1009, frame(TEXT, '', { length: 65_537n })],
        'a long message in pieces': [1009, Buffer.concat([frame(TEXT, 'x'.repeat(60_000), { fin: false }), frame(0, 'x'.repeat(60_000))])],
        'compressed without agreement': [1002, frame(TEXT, bomb.subarray(0, 2000), { rsv: 4 })],
        'second reserved bit': [1002, frame(TEXT, '{}', { rsv: 2 })],
        'third reserved bit': [1002, frame(TEXT, '{}', { rsv: 1 })],
        'opcode 3': [1002, frame(3, '')],
        'opcode 7': [1002, frame(7, '')],
        'opcode 11': [1002, frame(11, '')],
        binary: [1003, frame(BINARY, randomBytes(8))],
        'a ping in pieces': [1002, frame(PING, 'a', { fin: false })],
        'a ping of 126 bytes': [1002, frame(PING, 'x'.repeat(126))],
        'a continuation of nothing': [1002, frame(0, 'a')],
        'a text within a text': [1002, Buffer.concat([frame(TEXT, 'a', { fin: false }), frame(TEXT, 'b')])],
        'a length not in its shortest form': [1002, nonMinimal],
        'half a code': [1002, frame(CLOSE, Buffer.from([3]))],
        'code 1005': [1002, frame(CLOSE, Buffer.from([0x03, 0xed]))],
        'code 999': [1002, frame(CLOSE, Buffer.from([0x03, 0xe7]))],
        'a reason that is no UTF-8': [1007, frame(CLOSE, Buffer.from([0x03, 0xe8, 0xff]))],
        'a thousand pieces': [1008, Buffer.concat([frame(TEXT, '', { fin: false }), ...Array.from({ length: 1100 }, () => frame(0, '', { fin: false }))])],
        'pings without end': [1008, Buffer.concat(Array.from({ length: 200 }, () => frame(PING, 'x')))],
    };
    for (const [what, bytes] of Object.entries(BAD_UTF8)) {
        bad[what] = [1007, frame(TEXT, Buffer.concat([Buffer.from('{"id":"'), Buffer.from(bytes), Buffer.from('"}')]))];
    }
    bad['half a character at the end of the pieces'] = [1007, Buffer.concat([frame(TEXT, Buffer.from([0x22, 0xe3]), { fin: false }), frame(0, Buffer.from([0x81]))])];
    const before = await last();
    for (const [what, [code, bytes]] of Object.entries(bad)) {
        const ws = await ann.socket();
        ws.send(bytes);
        ws.text({ id: 'after', op: 'talk.post', params: { room }, body: { key: newKey(), text: 'danach' } });
        const close = await ws.closed();
        assert.equal(close.code, code, what);
        assert.equal(ws.seen.some((m) => m.id === 'after'), false, `${what}: what comes behind is not taken`);
        ws.end();
    }
    assert.equal(await last(), before);
    console.log(`WebSocket: ${Object.keys(bad).length} bad frames`);

    // Their twins: a message in pieces with a ping between, a character cut in two, a close with a reason.
    const ws = await ann.socket();
    const text = Buffer.from(JSON.stringify({ id: '日本', op: 'me.read' }));
    const cut = text.indexOf(0xe6) + 1;
    ws.send(Buffer.concat([frame(TEXT, text.subarray(0, cut), { fin: false }), frame(PING, 'noch da?'), frame(0, text.subarray(cut))]));
    assert.equal((await ws.next((m) => m.pong !== undefined)).pong, 'noch da?');
    assert.equal((await ws.next((m) => m.id === '日本')).status, 200);
    ws.send(frame(CLOSE, Buffer.from([0x03, 0xe8])));
    assert.equal((await ws.closed()).code, 1000);
});

test('half messages cost the edge no more than their bound', async () => {
    proves('B6.11');
    const sockets = [];
    for (let i = 0; i < 24; i++)
        sockets.push(await ann.socket());
    const before = memory();
    for (const ws of sockets) {
        ws.send(frame(TEXT, 'x'.repeat(30_000), { fin: false }));
        ws.send(frame(0, 'x'.repeat(30_000), { fin: false }));
        ws.send(frame(PING, 'held'));
        ws.send(frame(0, 'x'.repeat(5_000)).subarray(0, 4_000));
    }
    for (const ws of sockets)                              // the answer to the ping: all before it is taken and held
        assert.equal((await ws.next((m) => m.pong !== undefined)).pong, 'held');
    const grown = memory() - before;
    const wide = house.program.includes('/asan/') ? 8 : 1;   // sanitizers keep what was freed, and borders around it
    assert.ok(grown <= 24 * 256 * wide, `${grown} KiB for 24 connections`);
    for (const ws of sockets)
        ws.end();
    assert.equal((await ann.get('/me')).status, 200);
});

test('a handshake that is not a WebSocket\'s is refused, and no extension is agreed on', async () => {
    proves('B6.11');
    const open = async (headers) => Socket.open(ann.client, ann.path('/ws'), await ann.ticket(), { headers });
    for (const [what, headers] of Object.entries({
        'no version': { 'Sec-WebSocket-Version': null },
        'version 8': { 'Sec-WebSocket-Version': '8' },
        'no key': { 'Sec-WebSocket-Key': null },
        'a short key': { 'Sec-WebSocket-Key': 'AAAA' },
        'no upgrade': { Upgrade: null },
        'another upgrade': { Upgrade: 'h2c' },
        'no connection': { Connection: 'keep-alive' },
        'another protocol': { 'Sec-WebSocket-Protocol': 'chat' },
    })) {
        const s = await open(headers);
        assert.equal(s.answer.status, 400, what);
        s.end();
    }
    const s = await open({ 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' });
    assert.equal(s.answer.status, 101);
    assert.equal(s.answer.header('Sec-WebSocket-Extensions'), undefined);
    assert.equal((await s.call('me.read')).status, 200);
    s.end();
});

test('a connection that says nothing, or garbage instead of TLS, disturbs nobody', async () => {
    proves('B8.05');
    const quiet = await Wire.connect(house, { address: newAddress() });
    const half = await Wire.connect(house, { address: newAddress() });
    half.write('POST /w/acme/session HTTP/1.1\r\nHost: loc');
    assert.equal((await ann.get('/me')).status, 200);
    quiet.close();
    half.close();
    const net = await import('node:net');
    const ended = await new Promise((resolve, reject) => {
        const s = net.connect({ host: '127.0.0.1', port: house.port }, () => s.write(`GET / HTTP/1.1\r\n${host()}\r\n`));
        const got = [];
        s.on('data', (d) => got.push(d));
        s.on('close', () => resolve(Buffer.concat(got)));
        s.on('error', (e) => (e.code === 'ECONNRESET' ? resolve(Buffer.concat(got)) : reject(e)));
        s.setTimeout(30_000, () => reject(new Error('plain HTTP was kept open')));
    });
    assert.equal(ended.includes('HTTP/1.1'), false, 'no answer without TLS');
    assert.equal(await until(async () => (await ann.get('/me')).status, 'the house stands'), 200);
});
