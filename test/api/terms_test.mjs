// The public texts: terms of use, privacy policy, notice of outside sending; who has accepted the terms; security.txt.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { httpOps, rightCall, send } from '../lib/calls.mjs';
import { DEADLINE_MS, House, ROOT, until } from '../lib/house.mjs';
import { Client } from '../lib/http.mjs';
import { newPassword, openTenant, Person } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, chief, web;
before(async () => {
    house = await House.start({ config: { terms_version: '1', edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'acme');
    chief = acme.chief;
    await chief.signIn();
    await chief.openConsole();
    web = new Client(house);
});
after(() => house.remove());

const code = (r) => `${r.status} ${r.json?.error?.code ?? ''}`.trim();
const again = async (changes) => {
    await house.stop();
    for (const [k, v] of Object.entries(changes)) house.configure(k, v);
    await house.boot();
};

test('the texts are public pages with versions, in both languages, at addresses that stay', async () => {
    const names = { terms: ['利用規約', 'Terms of use'], privacy: ['プライバシーポリシー', 'Privacy policy'], sending: ['外部送信について', 'Outside sending'] };
    for (const [page, [ja, en]] of Object.entries(names)) {
        for (const [lang, title, version] of [['ja', ja, '版: 1'], ['en', en, 'Version 1']]) {
            const r = await web.get(`/${page}/${lang}`);
            assert.deepEqual([r.status, r.header('Content-Type')], [200, 'text/html; charset=utf-8'], page);
            assert.ok(r.text.includes(`<h1>${title}</h1>`) && r.text.includes(version) && r.text.includes(`<html lang="${lang}">`), `${page} ${lang}`);
            assert.match(r.header('Content-Security-Policy'), /default-src 'none'/);
            assert.ok(!/\{(operator|contact|version)\}/.test(r.text));
            const bare = await web.get(`/${page}/${lang}.txt`);
            assert.ok(bare.text.startsWith(`# ${title}\n`) && bare.text.includes('{contact}'));
        }
        assert.ok((await web.get(`/${page}`, { headers: { 'Accept-Language': 'en' } })).text.includes(`<h1>${en}</h1>`));
        assert.ok((await web.get(`/${page}`, { headers: { 'Accept-Language': 'ja' } })).text.includes(`<h1>${ja}</h1>`));
        assert.equal((await web.request('HEAD', `/${page}`)).status, 200);
        assert.equal((await web.post(`/${page}`, {})).status, 405);
    }
    assert.equal((await web.get('/pages.css')).status, 200);
    assert.ok(!(await web.get('/terms/fr')).text.includes('<h1>'), 'no other address is one of them');
});

/* Which words of the policy speak of the fields of a table. A new kind of data stands in the inventory first (PLT-29). */
const SAID = {
    member: ['氏名', 'Name'], photo: ['顔写真', 'Photo'], login_held: ['Engawa ID', 'Engawa ID'], session: ['ログイン中の端末', 'logged in'],
    device: ['登録した端末', 'enrolled devices'], member_access: ['アクセスの記録', 'Access records'], terms_accepted: ['利用規約に同意した', 'terms of use was accepted'], room: ['トークルームの名前', 'talk rooms'],
    room_member: ['参加者', 'members of talk rooms'], message: ['トークのメッセージ', 'Messages of talk'], talk_search: ['索引', 'index of the search'],
    mention: ['宛先', 'who received'], reaction: ['リアクション', 'reactions'],
    poll_vote: ['投票', 'votes'], message_hidden: ['トークのメッセージ', 'Messages of talk'], later: ['送信予約', 'Scheduled messages'], draft: ['下書き', 'drafts'],
    keyword: ['キーワード', 'keywords'], saved: ['保存したメッセージ', 'saved messages'], room_folder: ['フォルダ', 'folders'], room_photo: ['写真', 'pictures'],
    room_span: ['既読', 'who received'], event: ['できごとの記録', 'Events'], audit: ['監査ログ', 'audit log'], unit: ['所属', 'Units'], unit_member: ['役職', 'titles'],
    groups_: ['グループ', 'groups'], group_member: ['グループ', 'groups'], link: ['リンク', 'Links'], invitation: ['招待リンク', 'Invitation links'], invited: ['承認を待つ方', 'wait for approval'], password_before: ['過去5回', 'five earlier'],
    second_app: ['認証アプリの鍵', 'key of an authenticator app'], second_code: ['予備コード', 'backup codes'], second_ask: ['確認の依頼', 'requests to another device'],
    login_failure: ['ログインの失敗', 'Failed logins'], known_browser: ['ブラウザの印', 'known browsers'], handover: ['管理者の権限', 'administration rights'],
    setting: ['管理者の権限', 'administration rights'], stored: ['トークで送ったファイル', 'Files sent in talk'], blob_file: ['トークで送ったファイル', 'Files sent in talk'], link_preview: ['リンク先のページ', 'page says of itself'], blob_text: ['文書に書かれた文字', 'What is written in documents'], file: ['ファイル', 'Files'], file_part: ['ファイル', 'Files'],
};

test('the privacy policy speaks of every table that the inventory calls personal', async () => {
    const inventory = fs.readFileSync(path.join(ROOT, 'doc/inventory.md'), 'utf8').split('## Not personal')[0];
    const tables = [...new Set([...inventory.matchAll(/^\| `([a-z_]+)\./gm)].map((m) => m[1]))];
    const [ja, en] = await Promise.all(['ja', 'en'].map(async (l) => (await web.get(`/privacy/${l}.txt`)).text));
    assert.ok(tables.length > 30);
    for (const t of tables) {
        if (/^(talk_search|search_list|search_pack)/.test(t)) SAID[t] = SAID.talk_search;     // parts of one index
        assert.ok(SAID[t], `the policy does not say what ${t} is kept for`);
        assert.ok(ja.includes(SAID[t][0]) && en.includes(SAID[t][1]), t);
    }
});

test('before the terms are accepted a session can do nothing but that and end, over the whole table of operations', async () => {
    const ann = await acme.add('ann');
    const world = { victim: await acme.add('v1'), device: ann, room: '1', message: '1', otherSession: null };
    const may = new Set(['me.read', 'terms.read', 'terms.accept', 'session.end']);
    assert.equal((await ann.trySignIn()).json.terms, '1');
    assert.deepEqual([(await ann.get('/me')).json.terms, (await ann.get('/me')).json.terms_before], ['1', '']);
    let cells = 0;
    for (const op of httpOps.filter((o) => o.who !== 'public' && !may.has(o.name))) {
        let call = { object: '1' };
        try {
            call = await rightCall(op, ann, world);
        } catch {
            /* What the call needs cannot be had by one who may do nothing: any call must be refused alike. */
        }
        assert.equal(code(await send(op, ann, call)), '403 terms_required', op.name);
        cells++;
    }
    assert.ok(cells > 100);
    console.log(`the terms first: ${cells} cells refused`);
    const other = ann.elsewhere();
    assert.equal((await other.trySignIn()).json.terms, '1', 'at each device, until it is done');
    assert.equal(code(await ann.post('/terms', { version: '2' })), '409 conflict');
    assert.equal(code(await ann.get('/rooms')), '403 terms_required');
    assert.equal((await ann.post('/terms', { version: '1' })).status, 200);
    for (const p of [ann, other]) assert.equal((await p.get('/rooms')).status, 200);
    assert.deepEqual([(await ann.get('/me')).json.terms, (await other.get('/me')).json.terms], ['', '']);
    const kept = (await ann.get('/terms')).json;
    assert.deepEqual([kept.version, kept.accepted], ['1', '1']);
    assert.ok(Math.abs(Date.now() - Date.parse(kept.time)) < 60_000);
    assert.equal((await ann.post('/terms', { version: '1' })).status, 200, 'once more changes nothing');
    const rows = (await chief.get('/console/audit/login?act=terms.accept')).json.rows.filter((r) => r.actor === ann.id);
    assert.deepEqual(rows.map((r) => r.result).sort(), ['conflict', 'ok']);
    assert.equal(rows.find((r) => r.result === 'ok').detail, '{"version":"1"}');
    assert.equal((await ann.elsewhere().trySignIn()).json.terms, '');
    await ann.client.cookies.clear();
    assert.equal((await ann.trySignIn()).status, 200);
    assert.equal((await ann.delete('/session')).status, 200);
});

test('a password that is due comes first, then the terms', async () => {
    const made = await chief.post('/console/members', { login: 'auto', family: '自', given: '動', initial: 'auto' });
    const p = new Person(acme, 'auto', made.json.password, made.json.id);
    assert.equal((await p.trySignIn()).json.must_change, 'first');
    assert.equal(code(await p.post('/terms', { version: '1' })), '403 password_change_required');
    const next = newPassword();
    assert.equal((await p.put('/me/password', { old: p.password, new: next })).status, 200);
    assert.equal(code(await p.get('/rooms')), '403 terms_required');
    assert.equal(code(await p.put('/me/password', { old: next, new: newPassword() })), '403 terms_required');
    assert.equal((await p.delete('/session')).status, 200, 'signing out is always possible');
});

test('when the version rises, the next login asks; who is logged in goes on', async () => {
    proves('PLT-28');
    const ben = await acme.add('ben');
    await ben.signIn();
    await again({ terms_version: '2026-12', operator_name: '株式会社 & <縁>', operator_contact: 'help@example.com' });
    assert.equal((await ben.get('/rooms')).status, 200);
    assert.equal((await ben.get('/me')).json.terms, '');
    const anew = ben.elsewhere();
    const me = (await anew.trySignIn()).json;
    assert.deepEqual([me.terms, me.terms_before], ['2026-12', '1']);
    assert.equal(code(await anew.get('/rooms')), '403 terms_required');
    assert.equal((await anew.post('/terms', { version: '2026-12' })).status, 200);
    assert.equal((await anew.get('/rooms')).status, 200);
    assert.equal((await ben.elsewhere().trySignIn()).json.terms, '');
    const page = await web.get('/terms/ja');
    assert.ok(page.text.includes('版: 2026-12'));
    assert.ok(page.text.includes('株式会社 &amp; &lt;縁&gt;') && page.text.includes('<a href="mailto:help@example.com">'));
    assert.equal((await anew.delete('/session')).status, 200);
});

test('the operator replaces a text by a file, read at the start and by SIGHUP; what is no text leaves ours', async () => {
    const folder = path.join(house.dir, 'pages');
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'privacy.ja.txt'), '# 縁の方針\n一行目 <b>\n- 一\n- 二\n## 次\n{operator} https://example.com/x.\n');
    fs.writeFileSync(path.join(folder, 'terms.en.txt'), Buffer.from([0x23, 0x20, 0xff, 0xfe]));
    house.process.kill('SIGHUP');
    const own = await until('the new text', async () => {
        const r = await web.get('/privacy/ja');
        return r.text.includes('縁の方針') && r.text;
    });
    assert.ok(own.includes('<p>一行目 &lt;b&gt;</p>\n<ul>\n<li>一</li>\n<li>二</li>\n</ul>\n<h2>次</h2>'), own);
    assert.ok(own.includes('<a href="https://example.com/x">https://example.com/x</a>.'));
    assert.ok((await web.get('/terms/en')).text.includes('<h1>Terms of use</h1>'));
    assert.match(house.logText(), /pages\/terms\.en\.txt is not readable as UTF-8/);
    await again({});
    assert.ok((await web.get('/privacy/ja')).text.includes('縁の方針'));
    assert.ok((await web.get('/privacy/en')).text.includes('<h1>Privacy policy</h1>'));
});

test('with terms_version = none nobody is asked', async () => {
    await again({ terms_version: 'none' });
    const eve = await acme.add('eve');
    assert.equal((await eve.trySignIn()).json.terms, '');
    assert.equal((await eve.get('/rooms')).status, 200);
    assert.deepEqual((await eve.get('/terms')).json.version, '');
    assert.equal(code(await eve.post('/terms', { version: 'none' })), '409 conflict');
});

test('security.txt names contact, expiry and languages; without a contact there is none', async () => {
    proves('PLT-19');
    const at = '/.well-known/security.txt';
    assert.equal(code(await web.get(at)), '404 not_found');
    await again({ security_contact: 'security@example.com', security_policy: 'https://example.com/report' });
    const r = await web.get(at);
    assert.deepEqual([r.status, r.header('Content-Type')], [200, 'text/plain; charset=utf-8']);
    const lines = r.text.trimEnd().split('\n').map((l) => l.split(': '));
    const fields = Object.fromEntries(lines);
    assert.equal(lines.length, Object.keys(fields).length, 'no field twice');
    assert.deepEqual(fields, {
        Contact: 'mailto:security@example.com', Expires: fields.Expires, 'Preferred-Languages': 'ja, en',
        Canonical: `${house.origin}${at}`, Policy: 'https://example.com/report',
    });
    const days = (Date.parse(fields.Expires) - Date.now()) / 86_400_000;
    assert.ok(days > 90 && days < 365, `it expires in ${days} days`);
    assert.equal((await web.request('HEAD', at)).status, 200);
    assert.equal((await web.post(at, {})).status, 404);
});

test('a contact, a policy or a version that is none keeps engawad from starting, and the log says which', async () => {
    await house.stop();
    for (const [key, bad, good] of [['security_contact', 'call us', ''], ['security_policy', 'http://example.com', ''], ['terms_version', 'version 2', '1']]) {
        house.configure(key, bad);
        const r = spawnSync(house.program, ['--data', house.dir], { encoding: 'utf8', timeout: DEADLINE_MS });
        assert.equal(r.status, 1, key);
        assert.match(r.stderr, new RegExp(`engawa\\.conf: ${key} `));
        house.configure(key, good);
    }
    await house.boot();
});
