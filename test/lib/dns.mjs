// A name server for a test, at an address of this machine of its own, and a namespace in which it is the one that is asked: as root alone.
import { execFileSync } from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';

const AT = '127.77.0.53';
/** What is lacking for it; false: nothing. */
export function noNamespace() {
    try {
        execFileSync('unshare', ['-m', 'sh', '-c', 'mount --bind /dev/null /etc/resolv.conf'], { stdio: 'ignore' });
        return process.getuid() !== 0 && 'it needs root';
    } catch {
        return 'it needs a mount namespace';
    }
}

/** `addresses(name)`: the IPv4 address of a name this time, TTL 0; nothing: there is no such name. Ends by close(). */
export async function nameServer(addresses) {
    const socket = dgram.createSocket('udp4');
    socket.on('message', (q, from) => {
        let at = 12;
        const labels = [];
        for (; q[at]; at += q[at] + 1)
            labels.push(q.toString('latin1', at + 1, at + 1 + q[at]));
        const name = labels.join('.'), isA = q.readUInt16BE(at + 1) === 1, end = at + 5, address = isA ? addresses(name) : undefined;
        const head = Buffer.from([q[0], q[1], 0x81, address || !isA ? 0x80 : 0x83, 0, 1, 0, address ? 1 : 0, 0, 0, 0, 0]);
        const answer = address ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]) : Buffer.alloc(0);
        socket.send(Buffer.concat([head, q.subarray(12, end), answer]), from.port, from.address);
    });
    await new Promise((done, failed) => socket.once('error', failed).bind(53, AT, done));
    return socket;
}

/** The command before a program that is to ask it, by a file of this folder. */
export function asking(folder) {
    const file = `${folder}/resolv.conf`;
    fs.writeFileSync(file, `nameserver ${AT}\noptions timeout:1 attempts:1\n`);
    fs.chmodSync(file, 0o644);
    return ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec "$@"', file];
}
