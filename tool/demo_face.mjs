// Faces of the demo company: drawn from a name, so that they are the same every time; small PNGs.
//     facePng('morishita', { hair: 'tied', glasses: '1' })  ->  Buffer
import crypto from 'node:crypto';
import zlib from 'node:zlib';

const SIDE = 96;
const FINE = 2;                                            // looked at so often in each direction, for smooth edges

const GROUNDS = ['#dce8d6', '#f3e3c8', '#d8e4ee', '#f2d9d2', '#e6dcef', '#e9e7d0', '#d4e8e6', '#f0dde6'];
const SKINS = ['#f6d7bd', '#f1cba9', '#e9bd98', '#f8dfc9'];
const HAIRS = ['#2f2722', '#3b2c22', '#4b3526', '#1f2024', '#5a3d2a'];
const CLOTHES = ['#5b7f6b', '#8a5a44', '#46627f', '#7a6a8c', '#a1763c', '#566a4a', '#8c4f57', '#3f6f73'];

const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const inside = (x, y, cx, cy, rx, ry) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;

/** What colour stands at a place of the unit square: layers from the front to the back. */
function painter(seed, { hair = 'short', glasses, gray, cap }) {
    const pick = (of, n) => rgb(of[seed[n] % of.length]);
    const ground = pick(GROUNDS, 0), skin = pick(SKINS, 1), cloth = pick(CLOTHES, 3);
    const strands = gray ? rgb('#8d8a86') : pick(HAIRS, 2);
    const wide = 0.185 + (seed[4] % 5) * 0.006, tall = 0.225 + (seed[5] % 5) * 0.006;
    const apart = 0.075 + (seed[6] % 4) * 0.006, smile = 0.03 + (seed[7] % 4) * 0.008, parting = (seed[8] % 2 ? 1 : -1) * 0.06;
    const white = rgb('#fbfaf6'), ink = rgb('#2b2b2b'), lip = rgb('#b4574b'), blush = skin.map((c, i) => (i ? c - 18 : c));
    const cy = 0.47;
    const fringe = {
        short: (x, y) => y < cy - 0.1 + Math.abs(x - 0.5 - parting) * 0.25,
        crop: (x, y) => y < cy - 0.145,
        side: (x, y) => y < cy - 0.09 - (x - 0.5) * Math.sign(parting) * 0.35,
        messy: (x, y) => y < cy - 0.085 + Math.abs(Math.sin((x + parting) * 34)) * 0.045,
        bob: (x, y) => y < cy - 0.07,
        long: (x, y) => y < cy - 0.14 + Math.abs(x - 0.5 - parting) * 0.75,
        tied: (x, y) => y < cy - 0.12 + Math.abs(x - 0.5 + parting) * 0.45,
    }[hair] ?? (() => false);
    const behind = {
        bob: (x, y) => inside(x, y, 0.5, cy + 0.01, wide + 0.065, tall + 0.04) && y < cy + 0.2,
        long: (x, y) => inside(x, y, 0.5, cy, wide + 0.06, tall + 0.05) || (Math.abs(x - 0.5) < wide + 0.06 && y > cy && y < 0.8),
        tied: (x, y) => inside(x, y, 0.5 + parting * 3.2, cy - 0.17, 0.085, 0.085),
    }[hair] ?? (() => false);
    return (x, y) => {
        const side = Math.abs(x - 0.5), head = inside(x, y, 0.5, cy, wide, tall);
        const scalp = inside(x, y, 0.5, cy - 0.02, wide + 0.022, tall + 0.022);
        if (cap && y < cy - 0.1 && inside(x, y, 0.5, cy - 0.1, wide + 0.035, 0.15)) return y > cy - 0.135 ? rgb('#e7e3d8') : white;
        if (glasses && Math.abs(Math.hypot((x - 0.5 - Math.sign(x - 0.5) * apart) / 1.1, y - cy - 0.01) - 0.052) < 0.007) return ink;
        if (glasses && side < 0.03 && Math.abs(y - cy) < 0.006) return ink;
        if (scalp && fringe(x, y)) return strands;
        if (head) {
            if (inside(side, y, apart, cy + 0.01, 0.014, 0.019)) return ink;
            if (inside(side, y, apart, cy - 0.045, 0.03, 0.006)) return strands;
            const curve = y - (cy + 0.105) + (side / 0.075) ** 2 * smile;
            if (side < 0.07 && Math.abs(curve) < 0.007) return lip;
            if (inside(side, y, apart + 0.045, cy + 0.075, 0.03, 0.018)) return blush;
            return skin;
        }
        if (inside(side, y, wide, cy + 0.02, 0.03, 0.042)) return skin;
        if (scalp && y < cy - 0.02) return strands;
        if (side < 0.07 && y > cy + 0.15 && y < 0.8) return skin.map((c) => c - 14);
        if (side < 0.11 && y > 0.8 && y - 0.8 > side * 0.5 && side < 0.06 + (y - 0.8) * 0.2) return white;
        if (inside(x, y, 0.5, 1.06, 0.36, 0.33)) return cloth;
        return behind(x, y) ? strands : ground;
    };
}

/** One sun with rays, for who is nobody. */
function sun(x, y) {
    const d = Math.hypot(x - 0.5, y - 0.5), turn = Math.atan2(y - 0.5, x - 0.5);
    if (d < 0.2) return rgb('#f2b84b');
    if (d < 0.38 && d > 0.25 && Math.abs(Math.sin(turn * 4)) > 0.8) return rgb('#f2b84b');
    return rgb('#3f6f73');
}

function chunk(type, data) {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
}

function crc(bytes) {
    let c = ~0;
    for (const b of bytes) {
        c ^= b;
        for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0);
    }
    return ~c >>> 0;
}

export function facePng(name, traits = {}) {
    const seed = crypto.createHash('sha256').update(`face ${name}`).digest();
    const paint = traits.sun ? sun : painter(seed, traits);
    const lines = Buffer.alloc(SIDE * (SIDE * 3 + 1));
    for (let y = 0, at = 0; y < SIDE; y++) {
        at++;                                              // no filter
        for (let x = 0; x < SIDE; x++) {
            const sum = [0, 0, 0];
            for (let k = 0; k < FINE * FINE; k++) {
                const c = paint((x + (k % FINE + 0.5) / FINE) / SIDE, (y + (Math.floor(k / FINE) + 0.5) / FINE) / SIDE);
                for (let i = 0; i < 3; i++) sum[i] += c[i];
            }
            for (let i = 0; i < 3; i++) lines[at++] = Math.round(sum[i] / (FINE * FINE));
        }
    }
    const head = Buffer.alloc(13);
    head.writeUInt32BE(SIDE, 0);
    head.writeUInt32BE(SIDE, 4);
    head.set([8, 2], 8);
    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', zlib.deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
