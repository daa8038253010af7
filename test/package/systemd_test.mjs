// The package under a real systemd, as an operator has it: installed into a bare Debian that was booted, served with the unit's
// rights, killed, upgraded, taken back by the backup as operations.md says it, and gone without traces. The newer version is
// this one with one more step of the database's form.
import fs from 'node:fs';
import path from 'node:path';
import { Bare, freePort, run } from '../lib/bare.mjs';
import { Client } from '../lib/http.mjs';
import { Person, Tenant } from '../lib/people.mjs';
import { after, assert, before, test, until } from '../lib/test.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DATA = '/var/lib/engawa';
const ctl = (rest) => `engawactl --data ${DATA} --json ${rest}`;
let bare, chief, room;

const packageOf = (root) => {
    const all = fs.readdirSync(path.join(root, 'build/package')).filter((n) => n.endsWith('.deb'));
    assert.equal(all.length, 1, 'make package leaves one package');
    return path.join(root, 'build/package', all[0]);
};

/** Built from a clone of what is committed, with a later version and one more step of the form. */
function newerPackage() {
    const dir = path.join(ROOT, 'build/newer');
    fs.rmSync(dir, { recursive: true, force: true });
    run('git', 'clone', '-q', ROOT, dir);
    const edit = (file, from, to) => {
        const text = fs.readFileSync(path.join(dir, file), 'utf8');
        assert.match(text, from);
        fs.writeFileSync(path.join(dir, file), text.replace(from, to));
    };
    edit('src/role/roles.h', /ENGAWA_VERSION "[^"]*"/, 'ENGAWA_VERSION "9.0.0"');
    const steps = [...fs.readFileSync(path.join(dir, 'src/core/schema_sql.c'), 'utf8').matchAll(/^    \{(\d+), "/gm)];
    const next = Number(steps.at(-1)[1]) + 1;
    edit('src/core/schema_sql.c', /\};\nconst size_t tenant_migration_count/, `    {${next}, "CREATE TABLE newer (id BIGINT PRIMARY KEY)"},\n$&`);
    run('cp', '-r', path.join(ROOT, 'web/node_modules'), path.join(dir, 'web/'));
    run('make', '-s', '-C', dir, 'package');
    return packageOf(dir);
}

async function whoAnswers() {
    const version = await until(() => {
        try {
            return JSON.parse(bare.sh(ctl('health'))).version;
        } catch {
            return null;                                  // not yet
        }
    }, 'the server answers');
    chief.client.cookies.clear();
    await chief.signIn();
    return version;
}

const texts = async () => (await chief.get(`/rooms/${room}/messages`)).json.messages.map((m) => m.text).filter(Boolean);

async function say(text) {
    const r = await chief.say(room, text);
    assert.equal(r.status, 200, r.text);
}

before(async () => {
    bare = Bare.make('operator');
    await bare.done('apt-get update -qq && apt-get install -y -qq --no-install-recommends systemd systemd-sysv dbus procps >/dev/null 2>&1');
    fs.copyFileSync(packageOf(ROOT), path.join(bare.root, 'root/engawa.deb'));
    fs.copyFileSync(newerPackage(), path.join(bare.root, 'root/newer.deb'));
    await bare.boot();
});
after(() => bare?.remove());

test('installed, made by init and enabled, the unit serves: each process with its own uid, in its full sandbox', async () => {
    bare.sh('apt-get install -y -qq /root/engawa.deb');
    const port = await freePort(), origin = `https://localhost:${port}`;
    bare.sh(ctl(`init --listen 127.0.0.1:${port} --origin ${origin} --tls-certificate tls/server.crt --tls-key tls/server.key`));
    bare.sh(`mkdir -p ${DATA}/tls && cd ${DATA}/tls && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 ` +
        '-keyout server.key -out server.crt -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null');
    bare.sh('systemctl enable --now engawa 2>&1');
    const password = 'engawa no hidamari';
    const opened = JSON.parse(bare.sh(ctl('tenant open --workgroup acme --company Acme --login chief --family Yamada --password-file -'), `${password}\n`));
    const ca = fs.readFileSync(path.join(bare.root, DATA, 'tls/server.crt'));
    chief = new Person(new Tenant({ port, origin, ca }, 'acme', `${opened.tenant}`), 'chief', password, opened.admin);
    await whoAnswers();
    const health = JSON.parse(bare.sh(ctl('health')));
    assert.ok(health.roles.length >= 5);
    for (const r of health.roles) assert.equal(r.sandbox, 'full', r.role);
    const uids = new Set(health.roles.map((r) => r.uid));
    assert.ok(uids.size >= 5 && !uids.has(0), [...uids].join());
    const colleague = JSON.parse(bare.sh(ctl('member add --tenant acme --login ito --family Ito --password-file -'), `${password}\n`));
    const made = await chief.post('/rooms', { kind: 'several', name: '朝礼', members: [colleague.id] });
    assert.equal(made.status, 200, made.text);
    room = made.json.id;
    await say('最初のひと言');
});

test('a reload keeps the process; killed, systemd starts it again and nothing is lost', async () => {
    const pid = () => bare.sh('systemctl show -p MainPID --value engawa').trim();
    const was = pid();
    bare.sh('systemctl reload engawa');
    assert.equal(pid(), was);
    bare.sh('systemctl kill -s KILL --kill-who=all engawa');
    await until(() => !['0', was].includes(pid()), 'another supervisor');
    await whoAnswers();
    assert.deepEqual(await texts(), ['最初のひと言']);
});

test('an upgrade goes on with what is there; the backup of before is the way back', async () => {
    const old = await whoAnswers();
    bare.sh(ctl('backup --to /root/backup'));
    bare.sh(`umask 077; echo いざという時の合言葉 > /root/words; ${ctl('key export --to /root/engawa.recovery --passphrase-file /root/words')}`);
    bare.sh('apt-get install -y -qq /root/newer.deb');
    assert.equal(await whoAnswers(), '9.0.0');
    assert.deepEqual(await texts(), ['最初のひと言']);
    await say('新しい版で');

    bare.sh('systemctl stop engawa && apt-get install -y -qq --allow-downgrades /root/engawa.deb');
    bare.sh('systemctl stop engawa');
    bare.sh(`mv ${DATA} ${DATA}.newer && engawactl restore --from /root/backup --to ${DATA} --key /root/engawa.recovery --passphrase-file /root/words`);
    bare.sh(`cp -a ${DATA}.newer/tls ${DATA}/ && systemctl start engawa`);
    assert.equal(await whoAnswers(), old);
    assert.deepEqual(await texts(), ['最初のひと言'], 'what was written later is in the folder of the newer alone');
});

test('purged with the marker, no trace is left', () => {
    bare.sh(`rm -rf ${DATA}.newer /root/backup /root/words /root/engawa.* /root/newer.deb; touch ${DATA}/remove-everything; mkdir -p ${DATA}-status; touch ${DATA}-status/index.html /etc/default/engawa-status; apt-get purge -y -qq engawa`);
    const left = bare.sh('find / -xdev -iname "*engawa*" -not -path "/proc/*" -not -path "/sys/*" -not -path "/var/lib/dpkg/*" -not -path "/var/log/*"' +
        ' -not -path "/var/cache/apt/*" || true').trim();
    assert.equal(left, '');
    assert.equal(bare.sh('pgrep -c engawad || true').trim(), '0');
});
