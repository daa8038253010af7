// An S3-compatible store for tests: fauxqs keeps the objects; in front of it stands what it does not do: each request's signature is
// computed anew by AWS's own signer and compared, and the hash of what comes is looked at.
//     const b = await Bucket.start();   b.give(house)   b.keys()   b.object(key)   b.change(key, bytes)   await b.down(); await b.up(); await b.remove();
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './house.mjs';

const { SignatureV4 } = createRequire(path.join(ROOT, 'web/package.json'))('@smithy/signature-v4');
const fauxqs = (file) => import(pathToFileURL(path.join(ROOT, 'web/node_modules/fauxqs/dist', file)));

const KEY = 'AKIAIOSFODNN7EXAMPLE';

class Sha256 {
    constructor(secret) {
        this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', typeof secret === 'string' ? secret : Buffer.from(secret));
    }
    update(data) { this.hash.update(typeof data === 'string' ? data : Buffer.from(data)); }
    async digest() { return new Uint8Array(this.hash.digest()); }
}

export class Bucket {
    static async start({ tls } = {}) {
        const b = new Bucket();
        b.name = 'engawa-files';
        b.secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
        b.region = 'ap-northeast-1';
        b.most = Infinity;                                // bytes of an object that it takes
        b.requests = [];                                  // { method, path, range, status }
        b.tls = tls;
        const [{ buildApp }, { S3Store }, { SqsStore }, { SnsStore }] = await Promise.all(['app.js', 's3/s3Store.js', 'sqs/sqsStore.js', 'sns/snsStore.js'].map(fauxqs));
        b.store = new S3Store();
        b.store.createBucket(b.name);
        b.inner = buildApp({ logger: false, stores: { s3Store: b.store, sqsStore: new SqsStore(), snsStore: new SnsStore() } });
        await b.inner.listen({ port: 0, host: '127.0.0.1' });
        b.innerPort = b.inner.server.address().port;
        await b.up();
        return b;
    }

    /** For engawa.conf; the secret's file is written into the installation's folder by give(). */
    get config() {
        return { store_endpoint: `${this.tls ? 'https' : 'http'}://localhost:${this.port}`, store_bucket: this.name, store_region: this.region, store_access_key: KEY,
            store_prefix: 'here/' };
    }

    /** Makes it the store of a house that is stopped; it holds from its next start on. */
    give(house, secret = this.secret) {
        fs.writeFileSync(path.join(house.dir, 'store.secret'), `${secret}\n`, { mode: 0o600 });
        for (const [k, v] of Object.entries(this.config))
            house.configure(k, v);
    }

    async up() {
        const handler = (req, res) => this.take(req, res).catch((e) => { res.writeHead(500).end(String(e)); });
        this.front = this.tls ? https.createServer(this.tls, handler) : http.createServer(handler);
        this.front.keepAliveTimeout = 60_000;
        await new Promise((done, failed) => this.front.once('error', failed).listen(this.port ?? 0, '127.0.0.1', done));
        this.port = this.front.address().port;
    }

    /** Nobody answers at its port any more. */
    async down() {
        const closed = new Promise((done) => this.front.close(done));
        this.front.closeAllConnections();
        await closed;
    }

    async remove() {
        await this.down();
        await this.inner.close();
    }

    /** Names of its objects. */
    keys() {
        return this.store.listObjects(this.name, { maxKeys: 1000 }).objects.map((o) => o.key).sort();
    }

    object(key) {
        return Buffer.from(this.store.getObject(this.name, key).body);
    }

    change(key, bytes) {
        this.store.putObject(this.name, key, bytes);
    }

    async signed(req, body) {
        const said = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(req.headers.authorization ?? '');
        if (!said || said[1] !== KEY || said[3] !== this.region)
            return 'AccessDenied';
        const names = said[4].split(';'), date = req.headers['x-amz-date'];
        if (!names.includes('host') || !names.includes('x-amz-date') || !names.includes('x-amz-content-sha256') || !date?.startsWith(said[2]))
            return 'AccessDenied';
        const at = new Date(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
        if (Math.abs(Date.now() - at) > 900_000)
            return 'RequestTimeTooSkewed';
        if (createHash('sha256').update(body).digest('hex') !== req.headers['x-amz-content-sha256'])
            return 'XAmzContentSHA256Mismatch';
        const url = new URL(req.url, `http://${req.headers.host}`);
        const signer = new SignatureV4({ service: 's3', region: this.region, sha256: Sha256, uriEscapePath: false,
            credentials: { accessKeyId: KEY, secretAccessKey: this.secret } });
        const own = await signer.sign({ method: req.method, protocol: url.protocol, hostname: url.hostname, port: Number(url.port), path: url.pathname,
            query: Object.fromEntries(url.searchParams), headers: Object.fromEntries(names.map((n) => [n, req.headers[n]])) },
        { signingDate: at, signableHeaders: new Set(names) });
        const ours = /Signature=([0-9a-f]{64})$/.exec(own.headers.authorization)[1];
        return timingSafeEqual(Buffer.from(ours), Buffer.from(said[5])) ? null : 'SignatureDoesNotMatch';
    }

    async take(req, res) {
        const pieces = [];
        for await (const p of req)
            pieces.push(p);
        const body = Buffer.concat(pieces), row = { method: req.method, path: decodeURIComponent(new URL(req.url, 'http://x').pathname), range: req.headers.range };
        const wrong = await this.signed(req, body);
        this.requests.push(row);
        if (wrong) {
            row.status = 403;
            res.writeHead(403, { 'Content-Type': 'application/xml' }).end(req.method === 'HEAD' ? '' : `<Error><Code>${wrong}</Code></Error>`);
            return;
        }
        if (body.length > this.most) {
            row.status = 400;
            res.writeHead(400, { 'Content-Type': 'application/xml' }).end('<Error><Code>EntityTooLarge</Code></Error>');
            return;
        }
        await new Promise((done, failed) => {
            const on = http.request({ host: '127.0.0.1', port: this.innerPort, method: req.method, path: req.url, headers: req.headers }, (back) => {
                row.status = back.statusCode;
                res.writeHead(back.statusCode, back.headers);
                back.pipe(res);
                back.once('end', done).once('error', failed);
            });
            on.once('error', failed);
            on.end(body);
        });
    }
}
