// The demo company of `make run`: checks its text, counts it, makes it.
// Usage: tool/demo check [FILE…] | count | make DATA | answer DATA     (make and answer read LOGIN PASSWORD lines)
import fs from 'node:fs';
import path from 'node:path';
import { answer } from './demo_answer.mjs';
import { makeDemo } from './demo_make.mjs';
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

/** Passwords come by standard input: nothing that other processes see. */
function passwords() {
    return new Map(fs.readFileSync(0, 'utf8').split('\n').filter(Boolean).map((l) => l.split(' ')));
}

async function make([data]) {
    const made = await makeDemo(data, passwords());
    console.log(`${made.members} members, ${made.rooms} rooms, ${made.messages} messages in ${(made.ms / 1000).toFixed(1)} s`);
    return 0;
}

const commands = { check: () => check(args), count, make: () => make(args), answer: () => answer(args[0], passwords()) };
if (!commands[command]) {
    console.error('usage: tool/demo check [FILE…] | count | make DATA | answer DATA');
    process.exit(2);
}
process.exit(await commands[command]());
