// A certificate authority that speaks ACME (RFC 8555) on this machine, as much of it as a client needs: accounts, orders of one
// name, http-01, finalizing. It checks every signature and nonce, fetches each challenge by HTTP, and signs with the CA given.
//     const acme = await Acme.start({ ca: 'tls/ca.crt', key: 'tls/ca.key', http: port });   acme.url   acme.log   acme.stop()
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

const b64 = (bytes) => Buffer.from(bytes).toString('base64url');
const json = (text) => JSON.parse(Buffer.from(text, 'base64url').toString());

function thumbprint(jwk) {
    const members = jwk.kty === 'EC' ? ['crv', 'kty', 'x', 'y'] : ['e', 'kty', 'n'];
    return b64(crypto.createHash('sha256').update(JSON.stringify(Object.fromEntries(members.map((k) => [k, jwk[k]])))).digest());
}

export class Acme {
    static async start(options) {
        const a = Object.assign(new Acme(), options, { nonces: new Set(), log: [], accounts: new Map(), order: null });
        a.server = http.createServer((q, r) => a.#serve(q, r));
        await new Promise((resolve) => a.server.listen(0, '127.0.0.1', resolve));
        a.base = `http://127.0.0.1:${a.server.address().port}`;
        a.url = `${a.base}/directory`;
        return a;
    }

    stop() {
        return new Promise((resolve) => this.server.close(resolve));
    }

    #nonce() {
        const n = b64(crypto.randomBytes(16));
        this.nonces.add(n);
        return n;
    }

    #answer(r, status, body, headers = {}) {
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        const type = typeof body === 'string' ? 'pem-certificate-chain' : status >= 400 ? 'problem+json' : 'json';
        r.writeHead(status, { 'Content-Type': `application/${type}`, 'Replay-Nonce': this.#nonce(), ...headers });
        r.end(text);
    }

    #verified(url, text) {
        const { protected: head, payload, signature } = JSON.parse(text);
        const h = json(head);
        const jwk = h.jwk ?? this.accounts.get(h.kid);
        if (!this.nonces.delete(h.nonce) || h.url !== `${this.base}${url}` || !jwk)
            throw new Error(`nonce, url or key of ${url}`);
        const key = crypto.createPublicKey({ key: jwk, format: 'jwk' });
        const hash = h.alg === 'ES384' ? 'sha384' : 'sha256';
        if (!crypto.verify(hash, Buffer.from(`${head}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')))
            throw new Error(`signature of ${url}`);
        return { jwk, body: payload ? json(payload) : null };
    }

    /** What the name answers by plain HTTP is what only the account's owner could have put there. */
    #validate(jwk) {
        const o = this.order, want = `${o.token}.${thumbprint(jwk)}`;
        return new Promise((resolve) => {
            http.get({ host: '127.0.0.1', port: this.http, path: `/.well-known/acme-challenge/${o.token}`, headers: { Host: o.name }, agent: false }, (a) => {
                let text = '';
                a.on('data', (d) => (text += d));
                a.on('end', () => {
                    this.log.push(`challenge ${a.statusCode} ${text === want}`);
                    resolve(a.statusCode === 200 && text === want);
                });
            }).once('error', () => resolve(false));
        });
    }

    #sign(csr) {
        const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'engawa-acme-'));
        try {
            fs.writeFileSync(path.join(dir, 'csr.der'), Buffer.from(csr, 'base64url'));
            fs.writeFileSync(path.join(dir, 'ext'), `subjectAltName=DNS:${this.order.name}\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n`);
            execFileSync('openssl', ['req', '-inform', 'DER', '-in', path.join(dir, 'csr.der'), '-out', path.join(dir, 'csr.pem'), '-verify'], { stdio: 'ignore' });
            execFileSync('openssl', ['x509', '-req', '-in', path.join(dir, 'csr.pem'), '-CA', this.ca, '-CAkey', this.key, '-days', '80', '-set_serial', `0x${crypto.randomBytes(8).toString('hex')}`,
                '-extfile', path.join(dir, 'ext'), '-out', path.join(dir, 'crt.pem')], { stdio: 'ignore' });
            return fs.readFileSync(path.join(dir, 'crt.pem'), 'utf8') + fs.readFileSync(this.ca, 'utf8');
        } finally {
            fs.rmSync(dir, { recursive: true });
        }
    }

    #order() {
        const o = this.order;
        return { status: o.status, identifiers: [{ type: 'dns', value: o.name }], authorizations: [`${this.base}/authz`], finalize: `${this.base}/finalize`,
            ...(o.certificate ? { certificate: `${this.base}/certificate` } : {}) };
    }

    #challenge() {
        const o = this.order;
        return { type: 'http-01', url: `${this.base}/challenge`, token: o.token, status: o.valid ? 'valid' : 'pending' };
    }

    async #post(r, url, text) {
        const { jwk, body } = this.#verified(url, text);
        this.log.push(url);
        switch (url) {
        case '/account': {
            const known = [...this.accounts].find(([, k]) => thumbprint(k) === thumbprint(jwk))?.[0];
            if (!known && body.onlyReturnExisting)
                return this.#answer(r, 400, { type: 'urn:ietf:params:acme:error:accountDoesNotExist', detail: 'no account has this key' });
            const at = known ?? `${this.base}/account/${this.accounts.size + 1}`;
            this.accounts.set(at, jwk);
            return this.#answer(r, known ? 200 : 201, { status: 'valid' }, { Location: at });
        }
        case '/order':
            this.order = { name: body.identifiers[0].value, token: b64(crypto.randomBytes(32)), status: 'pending' };
            return this.#answer(r, 201, this.#order(), { Location: `${this.base}/order/1` });
        case '/order/1':
            return this.#answer(r, 200, this.#order());
        case '/authz':
            return this.#answer(r, 200, { status: this.order.valid ? 'valid' : 'pending', identifier: { type: 'dns', value: this.order.name }, challenges: [this.#challenge()] });
        case '/challenge':
            this.order.valid = await this.#validate(jwk);
            this.order.status = this.order.valid ? 'ready' : 'invalid';
            return this.#answer(r, 200, this.#challenge(), { Link: `<${this.base}/authz>;rel="up"` });
        case '/finalize':
            this.order.certificate = this.#sign(body.csr);
            this.order.status = 'valid';
            return this.#answer(r, 200, this.#order(), { Location: `${this.base}/order/1` });
        case '/certificate':
            return this.#answer(r, 200, this.order.certificate);
        default:
            return this.#answer(r, 404, { type: 'urn:ietf:params:acme:error:malformed', detail: url });
        }
    }

    #serve(q, r) {
        let text = '';
        if (q.url === '/directory')
            return this.#answer(r, 200, Object.fromEntries([['newNonce', '/nonce'], ['newAccount', '/account'], ['newOrder', '/order'], ['revokeCert', '/revoke'], ['keyChange', '/key']].map(([k, v]) => [k, this.base + v])));
        if (q.url === '/nonce')
            return this.#answer(r, q.method === 'HEAD' ? 200 : 204, '');
        q.on('data', (d) => (text += d));
        q.on('end', () => this.#post(r, q.url, text).catch((e) => {
            this.log.push(`refused: ${e.message}`);
            this.#answer(r, 400, { type: 'urn:ietf:params:acme:error:malformed', detail: e.message });
        }));
    }
}
