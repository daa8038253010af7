// A clamd of the tests' own, with one signature: that of the EICAR test file.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { ROOT, until } from './house.mjs';

/** The EICAR test file; written in pieces, so that no scanner takes this file for it. */
export const EICAR = Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-', 'ANTIVIRUS-TEST-FILE!$H+H*'].join(''));

export class Clamd {
    constructor() {
        this.dir = fs.mkdtempSync(path.join(ROOT, 'build/clamd-'));
        this.socket = path.join(this.dir, 'c');           // short: a socket's path is 107 bytes at most
        const db = path.join(this.dir, 'db');
        fs.mkdirSync(db);
        fs.writeFileSync(path.join(db, 'test.ndb'), `Test.Eicar:0:0:${EICAR.toString('hex')}\n`);
        fs.writeFileSync(path.join(this.dir, 'clamd.conf'), [
            `LocalSocket ${this.socket}`, `DatabaseDirectory ${db}`, `TemporaryDirectory ${this.dir}`, 'Foreground yes', 'FixStaleSocket yes',
            'OfficialDatabaseOnly no', 'Bytecode no', 'AlertExceedsMax yes', 'AlertEncrypted yes', 'StreamMaxLength 1M', 'MaxFileSize 1M',
            'MaxRecursion 5', ''].join('\n'));
    }

    async start() {
        let out = '';
        this.process = spawn('/usr/sbin/clamd', ['--config-file', path.join(this.dir, 'clamd.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
        for (const s of [this.process.stdout, this.process.stderr])
            s.on('data', (d) => { out += d; });
        this.ended = new Promise((resolve) => this.process.once('exit', resolve));
        await until('clamd', () => {
            if (this.process.exitCode !== null)
                throw new Error(`clamd ended:\n${out}`);
            return new Promise((resolve) => {
                const s = net.connect(this.socket, () => resolve(s.destroy() && true));
                s.once('error', () => resolve(false));
            });
        });
        return this;
    }

    /** Its socket does not answer any more. */
    async stop() {
        this.process?.kill('SIGKILL');
        await this.ended;
        this.process = undefined;
    }

    async remove() {
        await this.stop();
        fs.rmSync(this.dir, { recursive: true, force: true });
    }
}
