// A clamd of the tests' own, with the signature of the EICAR test file and what a test adds to it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT, until } from './house.mjs';

/** The EICAR test file; written in pieces, so that no scanner takes this file for it. */
export const EICAR = Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-', 'ANTIVIRUS-TEST-FILE!$H+H*'].join(''));

const hash = (how, bytes) => createHash(how).update(bytes).digest('hex');
function tar(files) {
    const blocks = files.flatMap(([name, bytes]) => {
        const head = Buffer.alloc(512);
        for (const [at, text] of [[0, name], [100, '0000644\0'], [108, '0000000\0'], [116, '0000000\0'], [124, `${bytes.length.toString(8).padStart(11, '0')}\0`],
            [136, '00000000000\0'], [148, '        '], [156, '0'], [257, 'ustar\x0000']])
            head.write(text, at, 'latin1');
        head.write(`${head.reduce((a, b) => a + b, 0).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
        return [head, bytes, Buffer.alloc((512 - bytes.length % 512) % 512)];
    });
    return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
/** An unsigned database of ClamAV's form, which has the number that VERSION tells. `found`: name and bytes. */
function database(version, found) {
    const made = Math.floor(Date.now() / 1000);
    const notice = Buffer.from('for tests\n'), sigs = Buffer.from(Object.entries(found).map(([name, bytes]) => `${name}:0:*:${Buffer.from(bytes).toString('hex')}\n`).join(''));
    const head = (md5) => `ClamAV-VDB:28 Nov 2026 10-00 +0000:${version}:${Object.keys(found).length}:60:${md5}:x:test:${made}`;
    const info = Buffer.from(`${head('x')}\nCOPYING:${notice.length}:${hash('sha256', notice)}\ndaily.ndb:${sigs.length}:${hash('sha256', sigs)}\n`);
    const packed = gzipSync(tar([['COPYING', notice], ['daily.info', info], ['daily.ndb', sigs]]));
    return Buffer.concat([Buffer.from(head(hash('md5', packed)).padEnd(512)), packed]);
}

export class Clamd {
    constructor() {
        this.dir = fs.mkdtempSync(path.join(ROOT, 'build/clamd-'));
        this.socket = path.join(this.dir, 'c');           // short: a socket's path is 107 bytes at most
        const db = this.db = path.join(this.dir, 'db');
        fs.mkdirSync(db);
        fs.writeFileSync(path.join(db, 'daily.cud'), database(1, { 'Test.First': 'a signature that is in no file' }));
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

    /** What it answers to a word of its protocol. */
    ask(word) {
        return new Promise((resolve, reject) => {
            const s = net.connect(this.socket, () => s.write(`z${word}\0`));
            let said = '';
            s.on('data', (d) => { said += d; });
            s.on('end', () => resolve(said));
            s.on('error', reject);
        });
    }

    /** From now on it has signatures of this number, and finds these too: name and bytes. */
    async signatures(version, found) {
        fs.writeFileSync(path.join(this.db, 'daily.cud'), database(version, found));
        await this.ask('RELOAD');
        await until('the new signatures', async () => (await this.ask('VERSION')).includes(`/${version}/`));
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
