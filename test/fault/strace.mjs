// The n-th system call of a process fails, by strace: as the kernel would have it, in the very binary that ships.
//     const t = await Strace.attach([pid, …], 'pwrite64', 'EIO', 3);   … the act …   const hits = await t.detach();
//     const t = Strace.run(['build/test/engawad', …], 'fsync', 'EIO', 1, logFd);
// The call becomes getpid() and its answer the error: a call that is no call at all would be refused by the role's filter.
// (A call that is under way at the moment of detach() may answer a number of its own: no call belongs here that idle threads make.)
// Each thread counts its own calls; threads and processes that begin meanwhile are followed.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Why no call can be made to fail here; false: it can. Our processes let nobody but root look into them. */
export const noStrace = process.getuid() !== 0 ? 'strace of what may not be looked into needs root'
    : spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status !== 0 && 'strace is not here, or may not trace';

let last = 0;

function options(out, call, error, n) {
    return ['-f', '-o', out, '-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:syscall=getpid:when=${n}`, '-e', 'signal=none'];
}

export class Strace {
    constructor() {
        this.out = path.join(os.tmpdir(), `engawa-strace-${process.pid}-${++last}`);
    }

    static async attach(pids, call, error, n) {
        const t = new Strace();
        t.process = spawn('strace', [...options(t.out, call, error, n), ...pids.flatMap((p) => ['-p', String(p)])], { stdio: ['ignore', 'ignore', 'pipe'] });
        t.ended = new Promise((resolve) => t.process.once('exit', resolve));
        let said = '';
        await new Promise((resolve, reject) => {
            t.process.once('error', (e) => reject(new Error(`strace does not start: ${e.message}`)));
            t.process.once('exit', (code) => reject(new Error(`strace ended with ${code}: ${said}`)));
            t.process.stderr.on('data', (d) => {
                said += d;
                if (pids.every((p) => said.includes(`Process ${p} attached`))) resolve();
            });
        });
        return t;
    }

    static run(command, call, error, n, log) {
        const t = new Strace();
        t.process = spawn('strace', [...options(t.out, call, error, n), ...command], { stdio: ['ignore', log, log] });
        t.ended = new Promise((resolve) => t.process.once('exit', resolve));
        return t;
    }

    /** Lets them go; the calls that failed, as strace wrote them. It may wait for good for a process that ends at this moment. */
    async detach() {
        this.process.kill('SIGINT');
        const late = setTimeout(() => this.process.kill('SIGKILL'), 1000);
        await this.ended;
        clearTimeout(late);
        return this.hits();
    }

    hits() {
        const lines = fs.readFileSync(this.out, 'utf8').split('\n').filter((l) => l.includes('(INJECTED)'));
        fs.rmSync(this.out);
        return lines;
    }
}
