// The demo company of `make run`: checks its text, counts it, makes it.
// Usage: tool/demo check [FILE…] | count
import path from 'node:path';
import { readDemo, repeated } from './demo_text.mjs';

const [command, ...args] = process.argv.slice(2);

/** Faults of the files alone that are named; texts are counted over all. */
function check(files) {
    const { rooms, faults } = readDemo();
    const named = new Set(files.map((f) => path.basename(f)));
    const mine = faults.filter((f) => named.size === 0 || named.has(f.split(':')[0]));
    for (const [text, at] of repeated(rooms)) mine.push(`${at.length} times: "${text}" ${at.join(' ')}`);
    for (const f of mine) console.error(f);
    console.log(`demo: ${mine.length} faults in ${named.size || rooms.length} rooms`);
    return mine.length ? 1 : 0;
}

function count() {
    const { rooms } = readDemo();
    let all = 0;
    for (const r of rooms) {
        const of = (f) => r.all.filter(f).length;
        console.log(`${r.id.padEnd(24)} ${String(r.all.length).padStart(4)}  stamps ${of((m) => m.stamp)} replies ${of((m) => m.reply)} in threads ${of((m) => m.root)} polls ${of((m) => m.poll)} reacted ${of((m) => m.reactions.length)} pins ${of((m) => m.pin)} important ${of((m) => m.important)}`);
        all += r.all.length;
    }
    console.log(`${rooms.length} rooms, ${all} messages`);
    return 0;
}

const commands = { check: () => check(args), count };
if (!commands[command]) {
    console.error('usage: tool/demo check [FILE…] | count');
    process.exit(2);
}
process.exit(await commands[command]());
