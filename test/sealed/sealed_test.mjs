// The build with sealed columns seals: what it stored is no text for the build without, and is the same text again for itself.
// The API tests that run against build/sealed would else prove nothing more than they do elsewhere.
import path from 'node:path';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, ann, room;
before(async () => {
    house = await House.start({ program: 'build/sealed/engawad' });
    acme = await openTenant(house, 'acme');
    ann = await (await acme.add('ann')).signIn();
    room = await acme.room('間', ann, acme.chief);
    assert.equal((await ann.say(room, '封をした言葉')).status, 200);
    assert.equal((await ann.put('/me/presence', { text: '封をした様子' })).status, 200);
});
after(() => house.remove());

async function by(build) {
    await house.stop();
    house.program = path.join(ROOT, build, 'engawad');
    await house.boot();
    const r = await ann.get(`/rooms/${room}/messages?limit=1`);
    return r.status === 200 ? r.json.messages[0].text : r.status;
}

test('what is sealed is read by nobody who does not seal, and by those who do', async () => {
    proves('PLT-10');
    const open = await by('build/test');
    assert.equal(`${open}`.includes('言葉'), false, 'stored as an AEAD piece');
    assert.equal(`${open}`.startsWith('\x01') || open === 503 || open === 500, true, `version 1 of it: ${open}`);
    assert.equal(await by('build/sealed'), '封をした言葉');
});
