// A PostgreSQL of a test's own: its folder, its user, a local socket and no port; gone with stop().
//     const pg = await Postgres.start();   pg.run('SELECT 1')   pg.script(text)   await pg.stop()
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { until } from './house.mjs';

const BIN = fs.existsSync('/usr/lib/postgresql') ? fs.readdirSync('/usr/lib/postgresql').map((v) => `/usr/lib/postgresql/${v}/bin`).filter((d) => fs.existsSync(`${d}/initdb`)).at(-1) : undefined;

/** The server refuses to run as root: nobody's numbers will do. */
const nobody = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};

export class Postgres {
    static async start() {
        if (!BIN)
            throw new Error('no PostgreSQL here: tool/setup full');
        const pg = new Postgres();
        pg.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'engawa-pg-'));
        if (nobody.uid)
            fs.chownSync(pg.dir, nobody.uid, nobody.gid);
        const data = path.join(pg.dir, 'data');
        const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', HOME: pg.dir };
        execFileSync(`${BIN}/initdb`, ['-D', data, '-U', 'engawa', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'], { ...nobody, env, cwd: pg.dir, stdio: 'pipe' });
        pg.process = spawn(`${BIN}/postgres`, ['-D', data, '-k', pg.dir, '-c', 'listen_addresses=', '-c', 'fsync=off', '-c', 'shared_buffers=16MB', '-c', 'max_connections=5'],
            { ...nobody, env, cwd: pg.dir, stdio: 'ignore' });
        pg.ended = new Promise((resolve) => pg.process.once('exit', resolve));
        await until('PostgreSQL', () => spawnSync(`${BIN}/pg_isready`, ['-h', pg.dir, '-U', 'engawa', '-d', 'postgres']).status === 0);
        return pg;
    }

    /** Runs a script of psql on one connection, going on after an error: what it printed, errors among it. */
    script(text, { stop = false } = {}) {
        const r = spawnSync(`${BIN}/psql`, ['-X', '-q', '-A', '-t', '-h', this.dir, '-U', 'engawa', '-d', 'postgres', '-v', `ON_ERROR_STOP=${stop ? 1 : 0}`, '-v', 'VERBOSITY=terse', '-f', '-'],
            { input: text, encoding: 'utf8', maxBuffer: 1 << 26 });
        return { status: r.status, out: r.stdout, err: r.stderr };
    }

    async stop() {
        this.process.kill('SIGINT');                       // at once, in order
        await this.ended;
        fs.rmSync(this.dir, { recursive: true, force: true });
    }
}
