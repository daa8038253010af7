// A whole installation for a test: its own data folder, certificate authority, free port and processes.
//     const house = await House.start();   await house.openTenant('acme', …);   await house.stop();
// Every wait has a deadline of 30 s; nothing sleeps.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ctl } from './ctl.mjs';
import { SITE, sitePort } from './web.mjs';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const DEADLINE_MS = 30_000;

/** The first result of `ask` that is truthy; `ask` may throw while it is too early. */
export async function until(what, ask) {
    const end = Date.now() + DEADLINE_MS;
    let last;
    for (;;) {
        try {
            const got = await ask();
            if (got) return got;
        } catch (e) {
            last = e;
        }
        if (Date.now() > end) throw new Error(`gave up waiting for ${what}${last ? `: ${last.message}` : ''}`);
        await new Promise((r) => setTimeout(r, 10));
    }
}

export function freePort() {
    return new Promise((resolve, reject) => {
        const s = net.createServer();
        s.once('error', reject);
        s.listen(0, '127.0.0.1', () => {
            const { port } = s.address();
            s.close(() => resolve(port));
        });
    });
}

export class House {
    static async start({ program = path.join(process.env.ENGAWA_BIN ?? 'build/test', 'engawad'), config = {}, dir, through = [] } = {}) {
        const h = new House();
        h.through = through;                              // a command that runs another one, such as unshare
        h.program = path.resolve(ROOT, program);
        h.dir = dir ?? fs.mkdtempSync(path.join(ROOT, 'build/house-'));
        h.port = await freePort();
        h.origin = `https://localhost:${h.port}`;
        execFileSync(path.join(ROOT, 'tool/devca'), [path.join(h.dir, 'tls')], { stdio: 'ignore' });
        h.ca = fs.readFileSync(path.join(h.dir, 'tls/ca.crt'));
        const beside = path.join(path.dirname(h.program), 'engawactl');
        h.ctlProgram = fs.existsSync(beside) ? beside : path.join(ROOT, 'build/test/engawactl');   // a mutant has none of its own
        const flags = {
            listen: `127.0.0.1:${h.port}`,
            origin: h.origin,
            'tls-certificate': 'tls/server.crt',
            'tls-key': 'tls/server.key',
            edges: '1',
        };
        execFileSync(h.ctlProgram, ['--data', h.dir, 'init', ...Object.entries(flags).flatMap(([k, v]) => [`--${k}`, v])]);
        /* Nobody is asked to accept terms but where a test is about them. */
        for (const [k, v] of Object.entries({ terms_version: 'none', ...(await h.site()), ...config })) h.configure(k, v);
        await h.boot();
        return h;
    }

    /** A build for tests finds a site where the internet would be; a release has no such key. */
    async site() {
        return /\/(test|[at]san|sealed|mutant\/[^/]+)\/engawad$/.test(this.program) ? { 'test.out': `${SITE}:80=${await sitePort()}` } : {};
    }

    /** The origin that files are had from. */
    get files() {
        return this.origin.replace('localhost', 'files.localhost');
    }

    /** Sets a line of engawa.conf; it holds from the next start on. */
    configure(key, value) {
        const file = path.join(this.dir, 'engawa.conf');
        const rest = fs.readFileSync(file, 'utf8').split('\n').filter((l) => !l.startsWith(`${key} =`));
        fs.writeFileSync(file, [...rest, `${key} = ${value}`, ''].join('\n'));
    }

    async boot() {
        this.log = fs.openSync(path.join(this.dir, 'log.txt'), 'a');
        const [program, ...args] = [...(this.through ?? []), this.program, '--data', this.dir];
        this.process = spawn(program, args, { stdio: ['ignore', this.log, this.log] });
        this.ended = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve({ code, signal })));
        fs.closeSync(this.log);
        await until('the operator socket', async () => {
            if (this.process.exitCode !== null) throw new Error(`engawad ended:\n${this.logText()}`);
            this.ctl = await Ctl.connect(path.join(this.dir, 'run/ctl.sock'));
            return this.ctl;
        });
        await until('the edge', () => this.tcp());
    }

    tcp() {
        return new Promise((resolve, reject) => {
            const s = net.connect(this.port, '127.0.0.1', () => {
                s.destroy();
                resolve(true);
            });
            s.once('error', reject);
        });
    }

    /** After its end: nobody of it answers any more. What was killed may take a moment to go, and would be taken for the next one. */
    async gone() {
        const refused = (where) => new Promise((resolve) => {
            const s = net.connect(where, () => resolve(!s.destroy()));
            s.once('error', () => resolve(true));
        });
        await until('the last of it to go', async () => (await refused({ port: this.port, host: '127.0.0.1' })) && refused({ path: path.join(this.dir, 'run/ctl.sock') }));
    }

    logText() {
        return fs.readFileSync(path.join(this.dir, 'log.txt'), 'utf8');
    }

    /** Calls an operation of the operator: with a workgroup the tenant's, without control's own. */
    async op(name, body = {}, workgroup = '') {
        const r = await this.ctl.call(name, workgroup, body);
        if (r.status !== 200) throw Object.assign(new Error(`${name}: ${r.status} ${r.text}`), r);
        return r.text ? JSON.parse(r.text) : {};
    }

    async pids() {
        const health = await this.op('health');
        return health.roles ?? health.processes ?? health;
    }

    async stop() {
        if (this.process.exitCode === null && this.process.signalCode === null) {
            this.process.kill('SIGTERM');
            const timer = setTimeout(() => this.process.kill('SIGKILL'), DEADLINE_MS);
            await this.ended;
            clearTimeout(timer);
        }
        this.ctl?.close();
    }

    async remove() {
        await this.stop();
        fs.rmSync(this.dir, { recursive: true, force: true });
    }
}
