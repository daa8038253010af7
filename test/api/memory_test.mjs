// B11.05: keys stand in the memory of those alone that hold them by the table of processes: the search reads the whole memory
// of every process, and finds each key where it belongs.
import { createDecipheriv } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, notRoot, proves, test, testUnless } from '../lib/test.mjs';

let house, acme, beta;

before(async () => {
    house = await House.start();
    [acme, beta] = [await openTenant(house, 'acme'), await openTenant(house, 'beta')];
    for (const t of [acme, beta]) {
        await t.chief.signIn();
        const room = await t.room('間', t.chief, await t.add('ann'));
        assert.equal((await t.chief.say(room, '鍵の外')).status, 200);
    }
});
after(() => house.remove());

const files = (name) => fs.readFileSync(path.join(house.dir, 'keys', name));

/** A wrapped key of the key store, opened by the master key (doc/formats.md). */
function unwrapped(name, master) {
    const file = files(name), head = file.subarray(0, 16);
    const d = createDecipheriv('aes-256-gcm', master, file.subarray(16, 28));
    d.setAAD(head);
    d.setAuthTag(file.subarray(-16));
    return Buffer.concat([d.update(file.subarray(28, -16)), d.final()]);
}

/** Every readable piece of a process's memory that it may write: [where, bytes]. */
function* memory(pid) {
    const fd = fs.openSync(`/proc/${pid}/mem`, 'r');
    try {
        for (const line of fs.readFileSync(`/proc/${pid}/maps`, 'utf8').trim().split('\n')) {
            const [, from, to, rights, name] = line.match(/^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/);
            if (!rights.startsWith('rw') || name === '[vvar]')
                continue;
            const bytes = Buffer.alloc(Number(BigInt(`0x${to}`) - BigInt(`0x${from}`)));
            let n = 0;
            try {
                n = fs.readSync(fd, bytes, 0, bytes.length, BigInt(`0x${from}`));
            } catch (e) {
                assert.equal(e.code, 'EIO', `${line}: ${e}`);   // a page that nothing was put into
            }
            yield [`${rights} ${name}`, bytes.subarray(0, n)];
        }
    } finally {
        fs.closeSync(fd);
    }
}

testUnless(notRoot, 'B11.05: a key is in the memory of those alone that hold it', { timeout: 120_000 }, async () => {
    if (house.program.includes('/asan/'))                   // its shadow and its quarantine are no memory of the product
        return assert.ok((await house.op('health')).roles.length > 0);
    proves('B11.05', 'PLT-10');
    const master = files('master.key').subarray(8);
    assert.equal(master.length, 32);
    const number = (t) => t.number;
    const keys = {
        master: [master, ['keyd']],
        pepper: [unwrapped('pepper.key', master), ['keyd']],
        signing: [unwrapped('sign.key', master), ['keyd']],
        backup: [unwrapped('backup.key', master), ['keyd']],
        'acme\'s': [unwrapped(`t-${number(acme)}.key`, master), [`tenant ${number(acme)}`]],
        'beta\'s': [unwrapped(`t-${number(beta)}.key`, master), [`tenant ${number(beta)}`]],
    };
    const { roles } = await house.op('health');
    const found = Object.fromEntries(Object.keys(keys).map((k) => [k, new Set()]));
    let bytes = 0;
    for (const r of [...roles, { role: 'supervisor', pid: house.process.pid }])
        for (const [, piece] of memory(r.pid)) {
            bytes += piece.length;
            for (const [name, [key]] of Object.entries(keys))
                for (const form of [key, key.toString('hex'), key.toString('base64'), key.toString('base64url')])
                    if (piece.includes(form))
                        found[name].add(r.number ? `${r.role} ${r.number}` : r.role);
        }
    console.log(`${roles.length + 1} processes, ${bytes} bytes: ${Object.entries(found).map(([k, s]) => `${k} key in ${[...s].join(', ')}`).join('; ')}`);
    for (const [name, [, where]] of Object.entries(keys))
        assert.deepEqual([...found[name]].filter((w) => !where.includes(w)), [], `the ${name} key`);
    for (const name of ['master', 'acme\'s', 'beta\'s'])
        assert.deepEqual([...found[name]], keys[name][1], `the ${name} key is where it belongs: the search sees`);
});

test('B11.05: no process can be looked into by another of its user, and keyd\'s keys stay out of the swap', async () => {
    proves('B11.05');
    const confined = !house.program.includes('/asan/');
    for (const r of (await house.op('health')).roles) {
        // A process that is not to be dumped belongs to root in /proc, whoever it runs as.
        assert.equal(fs.statSync(`/proc/${r.pid}/environ`).uid, confined ? 0 : r.uid, r.role);
        assert.match(fs.readFileSync(`/proc/${r.pid}/limits`, 'utf8'), /Max core file size +0 +0/);
        const locked = Number(fs.readFileSync(`/proc/${r.pid}/status`, 'utf8').match(/VmLck:\s+(\d+)/)[1]);
        if (r.role === 'keyd' && confined)                 // sanitizers leave the call out
            assert.ok(locked > 0, 'keyd has locked memory');
    }
});
