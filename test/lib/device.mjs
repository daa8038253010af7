// The key of an installed web app and what it signs.
import { webcrypto } from 'node:crypto';

const { subtle } = webcrypto;
const base64url = (b) => Buffer.from(b).toString('base64url');

export async function deviceKey() {
    const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    return { sign: pair.privateKey, point: base64url(await subtle.exportKey('raw', pair.publicKey)) };
}

/** The body of POST /device-session. */
export async function deviceProof(key, tenant, device, time) {
    const text = `engawa device session 1\n${tenant}\n${device}\n${time}\n`;
    const signature = base64url(await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.sign, Buffer.from(text)));
    return { device, time, signature };
}
