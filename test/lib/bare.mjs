// A bare Debian of its own (debootstrap), to try what an operator does on a fresh machine: processes that end together, mounts
// that nobody else sees, this machine's network. Needs root. Under build/bare; made once, copied for each use.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { until } from './test.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BARE = path.join(ROOT, 'build/bare');
const PATHS = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

export function freePort() {
    return new Promise((resolve) => {
        const s = net.createServer().listen(0, '127.0.0.1', () => {
            const { port } = s.address();
            s.close(() => resolve(port));
        });
    });
}

/** What this machine needs to reach packages (names, trust, npm's settings) comes from it. */
export function system() {
    const root = path.join(BARE, 'system');
    if (!fs.existsSync(path.join(root, '.made'))) {
        fs.rmSync(root, { recursive: true, force: true });
        fs.mkdirSync(BARE, { recursive: true });
        run('debootstrap', '--variant=minbase', 'bookworm', root);
        fs.writeFileSync(path.join(root, 'etc/hosts'), '127.0.0.1 localhost\n::1 localhost\n'); // as an installer writes it
        fs.writeFileSync(path.join(root, '.made'), '');
    }
    for (const f of ['/etc/resolv.conf', '/etc/npmrc', '/usr/local/share/ca-certificates']) {
        if (fs.existsSync(f)) run('cp', '-rLT', f, path.join(root, f));
    }
    return root;
}

/** One copy of the system: remove() takes all of it away. */
export class Bare {
    static make(name) {
        const b = new Bare();
        b.root = path.join(BARE, name);
        fs.rmSync(b.root, { recursive: true, force: true });
        run('cp', '-a', system(), b.root);
        return b;
    }

    #spawn(script, ...args) {
        const all = ['--mount', '--pid', '--uts', '--ipc', '--cgroup', '--fork', '--kill-child', 'bash', '-ec', script, 'bash', this.root, ...args];
        return spawn('unshare', all, { stdio: ['ignore', 'pipe', 'pipe'] });
    }

    /** A command line of bash in it; killed, all that it began ends too. */
    start(script) {
        return this.#spawn('mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"; ' +
            `exec chroot "$1" /usr/bin/env -i PATH=${PATHS} HOME=/root TERM=dumb LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive bash -c "$2"`, script);
    }

    /** The same to its end: what it said. */
    async done(script) {
        const r = await ended(this.start(script));
        assert.equal(r.code, 0, `${script}\n${r.said.slice(-20000)}`);
        return r.said;
    }

    /** systemd as the first process, as on a machine that was switched on. Then sh() is a shell in it. */
    async boot() {
        this.system = this.#spawn(`mount --make-rprivate /; mount --bind "$1" "$1"; cd "$1"
            mount -t proc proc proc; mount -t sysfs -o ro sysfs sys
            mount -t tmpfs tmpfs sys/fs/cgroup; mount -t cgroup2 none sys/fs/cgroup
            mount -t tmpfs tmpfs run; mount -t tmpfs tmpfs tmp; mount -t tmpfs -o mode=755 tmpfs dev
            for d in null zero full random urandom tty; do touch dev/$d; mount --bind /dev/$d dev/$d; done
            mkdir -p dev/pts dev/shm run/old
            mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts; ln -s pts/ptmx dev/ptmx; mount -t tmpfs tmpfs dev/shm
            pivot_root . run/old; umount -l /run/old
            echo began
            exec /usr/bin/env -i container=engawa PATH=${PATHS} /sbin/init systemd.unit=multi-user.target`);
        this.gone = ended(this.system);
        await saysUntil(this.system, /^began\n/, 10_000);
        this.init = fs.readFileSync(`/proc/${this.system.pid}/task/${this.system.pid}/children`, 'utf8').trim();
        await until(() => /running|degraded/.test(this.sh('systemctl is-system-running 2>&1 || true')), 'systemd has started');
    }

    sh(command, input = '') {
        return execFileSync('nsenter', ['-t', this.init, '-m', '-p', '-u', '-i', '-C', '/usr/bin/env', '-i', 'HOME=/root', `PATH=${PATHS}`, 'LANG=C.UTF-8',
            'DEBIAN_FRONTEND=noninteractive', 'bash', '-ec', command], { encoding: 'utf8', input, timeout: 300_000, maxBuffer: 1 << 26 });
    }

    async remove() {
        this.system?.kill('SIGKILL');
        await this.gone;
        fs.rmSync(this.root, { recursive: true, force: true });
    }
}

export function ended(child) {
    let said = '';
    child.stdout.on('data', (d) => (said += d));
    child.stderr.on('data', (d) => (said += d));
    return new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal, said })));
}

/** All it says until the pattern is there; its end or the deadline is a failure. */
export function saysUntil(child, pattern, ms) {
    let said = '';
    return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`not said in ${ms} ms: ${pattern}\n${said.slice(-20000)}`)), ms);
        const hear = (d) => {
            said += d;
            if (!pattern.test(said)) return;
            clearTimeout(timer);
            resolve(said);
        };
        child.stdout.on('data', hear);
        child.stderr.on('data', hear);
        child.on('exit', (code) => {
            clearTimeout(timer);
            reject(new Error(`ended with ${code}:\n${said.slice(-20000)}`));
        });
    });
}
