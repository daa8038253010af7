// HTTP/2 is not spoken, by no way into it: not chosen, not assumed, not upgraded to. So its attacks meet a refusal and the end of
// the connection, where a server that speaks it would answer GOAWAY; whoever asks meanwhile is answered.
import net from 'node:net';
import tls from 'node:tls';
import { House } from '../lib/house.mjs';
import { newAddress, Wire } from '../lib/http.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

let house, acme, ann, edge, http_port;

const edgeNow = async () => (await house.op('health')).roles.find((r) => r.role === 'edge');

before(async () => {
    http_port = await new Promise((resolve) => {
        const s = net.createServer().listen(0, '127.0.0.1', () => {
            const { port } = s.address();
            s.close(() => resolve(port));
        });
    });
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000', http: `127.0.0.1:${http_port}` } });
    acme = await openTenant(house, 'acme');
    ann = await acme.add('ann');
    await ann.signIn();
    edge = (await edgeNow()).pid;
});
after(() => house.remove());

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const DATA = 0, HEADERS = 1, RST_STREAM = 3, SETTINGS = 4, PING = 6, WINDOW_UPDATE = 8, CONTINUATION = 9;
const END_STREAM = 1, END_HEADERS = 4;

function frame(type, flags, stream, payload = Buffer.alloc(0)) {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head[3] = type;
    head[4] = flags;
    head.writeUInt32BE(stream, 5);
    return Buffer.concat([head, payload]);
}

const GET = Buffer.from([0x82, 0x87, 0x84, 0x41, 9, ...Buffer.from('localhost')]);      // GET https / and a name, by HPACK
const many = (n, f) => Buffer.concat(Array.from({ length: n }, (_, i) => f(i)));
const ATTACKS = {
    'rapid reset': () => many(20_000, (i) => Buffer.concat([frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, GET), frame(RST_STREAM, 0, 2 * i + 1, Buffer.alloc(4))])),
    'CONTINUATION without end': () => Buffer.concat([frame(HEADERS, 0, 1, GET), many(5_000, () => frame(CONTINUATION, 0, 1, Buffer.alloc(200, 0x40)))]),
    'a bomb of HPACK': () => Buffer.concat([frame(HEADERS, END_HEADERS, 1, Buffer.concat([GET, Buffer.from([0x40, 1, 0x61, 0x7f, 0xe1, 0x1e]), Buffer.alloc(4000, 0x62), Buffer.alloc(12_000, 0xbe)])),
        many(200, (i) => frame(HEADERS, END_HEADERS, 2 * i + 3, Buffer.alloc(16_000, 0xbe)))]),
    'a window of nothing': () => Buffer.concat([frame(SETTINGS, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0])), many(1000, (i) => frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, GET))]),
    'settings and pings': () => many(20_000, () => Buffer.concat([frame(SETTINGS, 0, 0), frame(PING, 0, 0, Buffer.alloc(8))])),
    'a window beyond its bound': () => many(10, () => frame(WINDOW_UPDATE, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff]))),
    'data for nothing': () => many(100, () => frame(DATA, 0, 1, Buffer.alloc(16_000))),
};

test('no HTTP/2 is chosen: a client that offers both gets HTTP/1.1, one that offers nothing else is refused', async () => {
    const offers = (...ALPNProtocols) => new Promise((resolve) => {
        const s = tls.connect({ host: '127.0.0.1', port: house.port, localAddress: newAddress(), ca: house.ca, servername: 'localhost', ALPNProtocols });
        s.once('error', (e) => resolve(e.code));
        s.once('secureConnect', () => {
            resolve(s.alpnProtocol);
            s.destroy();
        });
    });
    assert.equal(await offers('h2', 'http/1.1'), 'http/1.1');
    assert.equal(await offers('http/1.1', 'h2'), 'http/1.1');
    for (const only of ['h2', 'h2c', 'h2-14', 'h3', 'spdy/3.1'])
        assert.equal(await offers(only), 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', only);
});

test('no HTTP/2 is upgraded to', async () => {
    const w = await Wire.connect(house);
    try {
        w.write(`GET /healthz HTTP/1.1\r\nHost: localhost:${house.port}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`);
        const a = await w.answer();
        assert.equal(a.status, 200);
        assert.equal(a.header('Upgrade'), undefined);
        assert.equal(a.json.status, 'ok');
        w.write(PREFACE);
        const then = await w.answer();
        assert.ok([400, 405].includes(then.status), then.text);
        assert.equal(await w.closed(), true);
    } finally {
        w.close();
    }
});

test('frames of HTTP/2 are refused once and the connection ends, whatever they do; others are answered', async () => {
    for (const [what, bytes] of Object.entries(ATTACKS)) {
        const before_ = await edgeNow();
        const wires = [];
        try {
            const attack = Buffer.concat([PREFACE, frame(SETTINGS, 0, 0), bytes()]);
            for (let i = 0; i < 8; i++) {
                wires.push(await Wire.connect(house));
                wires[i].write(attack);
            }
            assert.equal((await ann.get('/me')).status, 200, what);
            for (const w of wires) {
                const a = await w.answer();
                if (a) {                                     // else its end came before it: there was more than is read
                    assert.ok([400, 405].includes(a.status), `${what}: ${a.text}`);
                    assert.equal(a.header('Connection'), 'close');
                }
                assert.equal(await w.closed(), true, `${what}: something else came`);
            }
            const now = await edgeNow();
            assert.equal(now.pid, edge, 'the edge was not restarted');
            assert.ok(now.requests - before_.requests <= 2 * wires.length, `${what}: ${now.requests - before_.requests} requests`);
        } finally {
            for (const w of wires)
                w.close();
        }
    }
});

test('without TLS, and in the middle of a connection, they are refused too', async () => {
    const plain = await new Promise((resolve, reject) => {
        const s = net.connect({ host: '127.0.0.1', port: http_port, localAddress: newAddress() }, () => s.write(Buffer.concat([PREFACE, frame(SETTINGS, 0, 0)])));
        const got = [];
        s.on('data', (d) => got.push(d));
        s.on('error', () => {});
        s.on('close', () => resolve(Buffer.concat(got).toString('latin1')));
        s.setTimeout(30_000, () => reject(new Error('it was kept open')));
    });
    assert.match(plain, /^(HTTP\/1\.1 4\d\d |$)/);
    const w = await Wire.connect(house);
    try {
        w.write(`GET /healthz HTTP/1.1\r\nHost: localhost:${house.port}\r\n\r\n`);
        assert.equal((await w.answer()).status, 200);
        w.write(Buffer.concat([frame(SETTINGS, 0, 0), frame(HEADERS, END_HEADERS | END_STREAM, 1, GET), Buffer.from('\r\n\r\n')]));
        assert.equal((await w.answer()).status, 400);
        assert.equal(await w.closed(), true);
    } finally {
        w.close();
    }
    assert.equal((await ann.get('/me')).status, 200);
});
