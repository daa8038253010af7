// A disk that loses power (test/disk): mounted for a test, it remembers every change and what was asked to be durable.
//     const disk = await Disk.mount(folder);
//     await disk.ask('mark');  await disk.ask('cut 812 2 7');          // its commands: test/disk/fuse.c
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../lib/house.mjs';

const PROGRAM = path.join(ROOT, 'build/test/disk');

/** Why no disk can lose its power here; false: it can. */
export const noPower = process.getuid() !== 0 ? 'power cuts need root, who mounts a disk that others may use'
    : !fs.existsSync('/dev/fuse') ? 'power cuts need /dev/fuse, which this machine or container has not'
    : !fs.existsSync(PROGRAM) && 'power cuts need build/test/disk, which make test-fault builds where libfuse3-dev is';

export const LOSSES = 5;           // all that was not made durable; nothing; some and parts; what came late; what came early

export class Disk {
    static async mount(folder) {
        const disk = new Disk();
        disk.folder = folder;
        disk.waiting = [];
        disk.process = spawn(PROGRAM, [folder], { stdio: ['pipe', 'pipe', 'inherit'] });
        disk.ended = new Promise((resolve) => disk.process.once('exit', resolve));
        disk.ended.then((code) => disk.waiting.splice(0).forEach((w) => w.reject(new Error(`the disk ended: ${code}`))));
        let said = '';
        disk.process.stdout.on('data', (d) => {
            const lines = (said + d).split('\n');
            said = lines.pop();
            for (const line of lines) disk.waiting.shift()?.resolve(line);
        });
        const first = await disk.#line();
        if (first !== 'mounted') throw new Error(`the disk says: ${first}`);
        return disk;
    }

    #line() {
        return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
    }

    ask(command) {
        const answer = this.#line();
        this.process.stdin.write(`${command}\n`);
        return answer;
    }

    /** How many changes there were so far. */
    async mark() {
        return Number(await this.ask('mark'));
    }

    /** The changes, in order: { k, kind, name }. */
    async points() {
        const line = await this.ask('points');
        return line ? line.split(' ').map((p) => {
            const [k, kind, name] = p.split(':');
            return { k: Number(k), kind, name };
        }) : [];
    }

    /** The power goes; `again`: during what was done since the last time. What is left, in figures. */
    async cut(k, loss, seed, again = false) {
        const line = await this.ask(`${again ? 'recut' : 'cut'} ${k} ${loss} ${seed}`);
        const m = line.match(/^durable (\d+) kept (\d+) dropped (\d+) torn (\d+)$/);
        if (!m) throw new Error(`the disk says: ${line}`);
        const [durable, kept, dropped, torn] = m.slice(1).map(Number);
        return { durable, kept, dropped, torn };
    }

    async remove() {
        this.process.stdin.end();
        await this.ended;
        fs.rmSync(this.folder, { recursive: true, force: true });
    }
}
