// Reads what the demo company is made of: demo/company.txt (people, units, groups) and demo/rooms/*.txt (what was said),
// in the form that doc/demo.md describes. Every fault is gathered with its file and line; nothing is guessed.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const DAY = 86400000;
const JST = 9 * 3600000;
const WEEKDAYS = '月火水木金土日';
export const KINDS = { 部署: 'unit', グループ: 'group', 数人: 'several', 二人: 'direct' };
/** Speakers who are no members: the name that stands with what they said. */
export const STRANGERS = { bot: '納品ボット', nagai: '永井 浩 (潮見フーズ)' };
const STRANGERS_IN = { bot: ['haiso', 'ofuna'], nagai: ['shiomi'] };

/** Names of a .def of the source: [first, second word]. */
function defined(file, macro) {
    const source = fs.readFileSync(path.join(root, 'src/svc/talk', file), 'utf8');
    return [...source.matchAll(new RegExp(`^${macro}\\("([^"]+)",\\s*"([^"]+)"`, 'gm'))].map((m) => [m[1], m[2]]);
}
export const marks = new Set(defined('marks.def', 'MARK').map((m) => m[0]));
export const stamps = new Map(defined('stamps.def', 'STAMP').map(([name, words]) => [words, name]));

const stripMark = (s) => s.replaceAll('\uFE0F', '');
const markOf = (s) => [...marks].find((m) => stripMark(m) === stripMark(s));

/* ---- the company */

const cells = (line) => line.split('|').map((s) => s.trim());
const words = (s) => s.split(/[\s、,]+/).filter(Boolean);

/** { members, units, groups } of company.txt. A unit: { name, depth, parent, lead, people }. */
export function readCompany(file = path.join(root, 'demo/company.txt'), faults = []) {
    const out = { members: [], units: [], groups: [] };
    let part = '', at = 0;
    for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
        at++;
        if (!line.trim() || line.startsWith('#')) continue;
        if (line.startsWith('== ')) part = line.slice(3).trim();
        else if (part === '部署') {
            const depth = (line.length - line.trimStart().length) / 2;
            const [name, people = '', about = ''] = cells(line);
            const parent = out.units.filter((u) => u.depth === depth - 1).at(-1);
            out.units.push({ name, depth, parent: parent?.name, people: words(people), about });
        } else if (part === 'メンバー' || part === '自動応答') {
            const [login, name, reading, title, number, since, face, says] = cells(line);
            const [family, given = ''] = name.split(' '), [familyReading, givenReading = ''] = reading.split(' ');
            out.members.push({ login, automatic: part === '自動応答', family, given: name.slice(family.length).trim() || given, familyReading, givenReading: reading.slice(familyReading.length).trim() || givenReading, title, number, since, face: Object.fromEntries(words(face).map((w) => w.split('='))), says });
        } else if (part === 'グループ') {
            const [name, masters, people, about] = cells(line);
            out.groups.push({ name, masters: words(masters), people: words(people), about });
        } else faults.push(`${path.basename(file)}:${at}: belongs to no part`);
    }
    const logins = new Set(out.members.map((m) => m.login));
    for (const g of out.groups) {
        if (g.people[0] === '全員') g.people = out.members.filter((m) => !m.automatic).map((m) => m.login);
        for (const l of [...g.masters, ...g.people]) if (!logins.has(l)) faults.push(`company.txt: group ${g.name}: nobody is called ${l}`);
    }
    for (const u of out.units) for (const l of u.people) if (!logins.has(l)) faults.push(`company.txt: unit ${u.name}: nobody is called ${l}`);
    return out;
}

/** Logins of a unit and of the units below it. */
export function peopleOf(company, unit) {
    const below = company.units.filter((u) => u.parent === unit.name).flatMap((u) => peopleOf(company, u));
    return [...new Set([...unit.people, ...below])];
}

/* ---- days */

/** Midnight of a day of the text, as days from the day of `now` in Japan. 25月: week 25 before the week of now. */
export function dayOf(words, today) {
    const week = words.match(/^(\d+)([月火水木金土日])$/);
    if (week && Number(week[1]) > 1) return WEEKDAYS.indexOf(week[2]) - weekday(today) - 7 * Number(week[1]);
    return /^-[1-7]$|^0$/.test(words) ? Number(words) : undefined;
}
const weekday = (day) => (day + 3) % 7;                    // 0: Monday; day 0 of the epoch was a Thursday
export const dayNumber = (ms) => Math.floor((ms + JST) / DAY);
const startOf = (day) => day * DAY - JST;

function dated(text, day) {
    return text.replace(/\{([+-]?\d+)([/曜]?)\}/g, (_, n, as) => {
        const at = day + Number(n), d = new Date(at * DAY), w = WEEKDAYS[weekday(at)];
        const m = d.getUTCMonth() + 1, of = d.getUTCDate();
        return as === '/' ? `${m}/${of}` : as === '曜' ? `${w}曜` : `${m}月${of}日(${w})`;
    });
}

/* ---- a room */

const HEAD = /^(トーク|種類|メンバー|未読|ピン留め|ミュート): *(.*)$/;
const TIME = /^(?:\+(\d) )?(\d{1,2}):(\d\d) ([a-z]+) (.*)$/;

class RoomText {
    constructor(file, company, now, faults) {
        Object.assign(this, { file, company, faults, name: path.basename(file, '.txt'), now, today: dayNumber(now) });
        this.head = {};
        this.messages = [];
        this.at = 0;
    }

    fault(what) {
        this.faults.push(`${path.basename(this.file)}:${this.at}: ${what}`);
    }

    read() {
        for (const line of fs.readFileSync(this.file, 'utf8').replace(/\n$/, '').split('\n')) {
            this.at++;
            this.characters(line);
            if (line.startsWith('#') || !line.trim()) continue;
            const head = line.match(HEAD);
            if (head && this.day === undefined) this.head[head[1]] = head[2].trim();
            else if (line.startsWith('== ')) this.dayLine(line.slice(3).trim());
            else this.line(line);
        }
        this.room();
        return this.out();
    }

    characters(line) {
        if (/[\uFF01-\uFF5E\uFF61-\uFF9F\u3000]/u.test(line)) this.fault(`full-width letters or half-width kana: ${line.match(/[\uFF01-\uFF9F\u3000]/u)[0]}`);
        if (/ $/.test(line) || /\S {2,}/.test(line)) this.fault('two spaces, or one at the end');
        if (/https?:|www\.|\d{2,4}-\d{2,4}-\d{3,4}|[a-z]@[a-z]+\./i.test(line)) this.fault('an address or a phone number');
        if (/[\p{Cc}\uFFFD]/u.test(line)) this.fault('a control character');
    }

    /** Who is in the room, once its head was read. */
    room() {
        if (this.people) return;
        const kind = KINDS[this.head['種類']];
        const name = this.head['トーク'];
        this.kind = kind;
        if (!kind) this.fault('種類: 部署, グループ, 数人 or 二人');
        if (!name || (name === '-') !== (kind === 'direct')) this.fault('トーク: the name; - for 二人 alone');
        const unit = this.company.units.find((u) => u.name === name), group = this.company.groups.find((g) => g.name === name);
        if (kind === 'unit' && !unit) this.fault(`no unit ${name} in company.txt`);
        if (kind === 'group' && !group) this.fault(`no group ${name} in company.txt`);
        this.people = kind === 'unit' && unit ? peopleOf(this.company, unit) : kind === 'group' && group ? [...new Set([...group.masters, ...group.people])] : words(this.head['メンバー'] ?? '');
        for (const l of this.people) if (!this.member(l)) this.fault(`nobody is called ${l}`);
        if (kind === 'direct' && this.people.length !== 2) this.fault('二人 has two members');
        if (kind === 'several' && this.people.length < 3) this.fault('数人 has three members or more');
    }

    member(login) {
        return this.company.members.find((m) => m.login === login);
    }

    dayLine(text) {
        this.room();
        const day = dayOf(text, this.today);
        if (day === undefined) return this.fault(`no day: ${text}`);
        const place = /^\d/.test(text) && text !== '0' ? -100000 + dayOf(text, 4) : Number(text);   // independent of today's weekday
        if (this.place !== undefined && place <= this.place) this.fault(`${text} is not after the day above`);
        this.place = place;
        this.relative = day;
        this.day = this.today + day;
        this.last = -1;
    }

    line(line) {
        const inner = line.startsWith('  ');
        const text = line.trim();
        if (this.day === undefined) return this.fault('before the first day');
        const time = text.match(TIME);
        if (time && line.length - text.length === (inner ? 2 : 0)) return this.message(time, inner);
        const m = this.messages.at(-1);
        if (!m || !inner) return this.fault(`what is this: ${text.slice(0, 20)}`);
        const [sign, rest] = [text[0], text.slice(1).trim()];
        if (sign === '|') m.text += `\n${this.macros(rest, m)}`;
        else if (sign === '+') this.reaction(m, rest);
        else if (sign === '=') this.vote(m, rest);
        else if (sign === '^') this.pin(m, rest);
        else this.fault(`what is this: ${text.slice(0, 20)}`);
    }

    message([, plus, hour, minute, who, rest], inner) {
        const minutes = Number(hour) * 60 + Number(minute);
        const day = this.day + Number(plus ?? 0);
        const m = { who, day, minutes, line: this.at, order: this.messages.length, text: '', reactions: [], votes: [], relative: this.relative + Number(plus ?? 0) };
        if (Number(hour) > 23 || Number(minute) > 59) this.fault(`no time: ${hour}:${minute}`);
        if (plus && !inner) this.fault('+N stands in threads alone');
        if (inner) {
            m.root = this.messages.filter((x) => !x.root).at(-1);
            if (!m.root) return this.fault('a thread under nothing');
            const before = this.messages.filter((x) => x === m.root || x.root === m.root).at(-1);
            if (day * 1440 + minutes < before.day * 1440 + before.minutes) this.fault('earlier than what stands above in the thread');
        } else {
            if (minutes < this.last) this.fault(`${hour}:${minute} is earlier than what stands above`);
            this.last = minutes;
        }
        if (STRANGERS[who] ? !STRANGERS_IN[who].includes(this.name) : !this.people.includes(who)) this.fault(`${who} is not in this room`);
        if (who === 'ise' && m.relative < dayOf('8木', this.today)) this.fault('ise is not there yet');
        this.words(m, rest);
        this.messages.push(m);
    }

    words(m, rest) {
        const reply = rest.match(/^↪(\d{1,2}:\d\d|[a-z]+)? /);
        if (reply) {
            m.reply = this.answered(m, reply[1]);
            if (!m.reply) this.fault('it answers nothing that is there');
            rest = rest.slice(reply[0].length);
        }
        const stamp = rest.match(/^〔(.+)〕$/);
        const poll = rest.match(/^投票(複数)?: (.+)$/);
        if (stamp) {
            m.stamp = stamps.get(stamp[1]);
            if (!m.stamp) this.fault(`no stamp says ${stamp[1]}`);
        } else if (poll) {
            const [question, ...choices] = poll[2].split(' / ');
            m.poll = { choices: choices.map((c) => dated(c, m.day)), many: Boolean(poll[1]), closed: false };
            if (choices.length < 2 || choices.length > 10) this.fault('a poll has 2 to 10 choices: 投票: 質問 / 一つ目 / 二つ目');
            m.text = this.macros(question, m);
        } else {
            m.important = rest.startsWith('重要: ');
            m.text = this.macros(m.important ? rest.slice(4) : rest, m);
        }
        if (!stamp && !m.text) this.fault('says nothing');
        if (/[〔〕]/.test(m.text)) this.fault('〔 〕 is a stamp, which stands alone');
    }

    answered(m, what) {
        const before = this.messages.filter((x) => (m.root ? true : !x.root));
        if (what === undefined) return (m.root ? before.filter((x) => x === m.root || x.root === m.root) : before).at(-1);
        if (!/\d/.test(what)) return before.filter((x) => x.who === what).at(-1);
        const [h, min] = what.split(':').map(Number);
        return before.filter((x) => x.day === m.day && x.minutes === h * 60 + min).at(-1);
    }

    /** Dates, and who is named: the words that stand for a member. */
    macros(text, m) {
        m.names ??= [];
        return dated(text, m.day).replace(/@(全員|[a-z]+)/g, (all, who) => {
            if (who === '全員') return m.names.push({ kind: 'all', words: '@全員' }), '@全員';
            const of = this.member(who);
            if (!of || !this.people.includes(who)) return this.fault(`@${who} is not in this room`), all;
            const said = `@${nameOf(of)}`;
            m.names.push({ kind: 'member', who, words: said });
            return said;
        });
    }

    inRoom(logins) {
        for (const l of logins) if (!this.people.includes(l)) this.fault(`${l} is not in this room`);
        return logins.filter((l) => l !== 'ise' || this.messages.at(-1).relative >= dayOf('8木', this.today));
    }

    reaction(m, rest) {
        const [mark, ...who] = words(rest);
        if (!markOf(mark)) this.fault(`no mark: ${mark}`);
        if (!who.length) this.fault('a reaction of nobody');
        m.reactions.push({ mark: markOf(mark), who: this.inRoom(who) });
    }

    vote(m, rest) {
        const [choice, ...who] = words(rest);
        if (!m.poll) return this.fault('votes of no poll');
        if (choice === '締切') {
            m.poll.closed = true;
            return;
        }
        const n = Number(choice) - 1;
        if (!m.poll.choices[n]) this.fault(`no choice ${choice}`);
        for (const l of who) if (!m.poll.many && m.votes.some((v) => v.who.includes(l))) this.fault(`${l} votes twice`);
        m.votes.push({ choice: n, who: this.inRoom(who) });
    }

    pin(m, rest) {
        if (!this.people.includes(rest)) this.fault(`${rest} is not in this room`);
        m.pin = rest;
    }

    /** What is later than now is left out, with what answers it; in order of time. */
    out() {
        const said = [...this.messages].sort((a, b) => a.day - b.day || a.minutes - b.minutes || a.order - b.order);
        let before = 0;
        for (const m of said) {
            const at = startOf(m.day) + m.minutes * 60000 + (m.order * 7919 % 50) * 1000;
            m.at = before = Math.max(at, before + 1000);
            if ([...m.text].length > 200) this.faults.push(`${this.name}.txt:${m.line}: longer than 200 characters`);
        }
        for (const m of said) m.gone = m.at >= this.now || m.root?.gone || m.reply?.gone;
        const unread = Object.fromEntries((this.head['未読'] ?? '').split(',').filter((s) => s.trim()).map((s) => words(s)).map(([l, n]) => [l, Number(n)]));
        for (const l of [...Object.keys(unread), ...words(this.head['ピン留め'] ?? ''), ...words(this.head['ミュート'] ?? '')])
            if (!this.people?.includes(l)) this.faults.push(`${this.name}.txt: ${l} is not in this room`);
        const messages = said.filter((m) => !m.gone);
        /* Whoever spoke has read what stands above. */
        for (const l of Object.keys(unread)) unread[l] = Math.min(unread[l], messages.length - 1 - messages.findLastIndex((m) => m.who === l));
        return {
            id: this.name, name: this.head['トーク'], kind: this.kind, people: this.people, all: said, unread,
            pinned: words(this.head['ピン留め'] ?? ''), muted: words(this.head['ミュート'] ?? ''), messages,
        };
    }
}

export const nameOf = (m) => (m.given ? `${m.family} ${m.given}` : m.family);

export function roomFiles() {
    const dir = path.join(root, 'demo/rooms');
    return fs.readdirSync(dir).filter((f) => f.endsWith('.txt')).sort().map((f) => path.join(dir, f));
}

/** { company, rooms, faults }: everything, with times for `now`. */
export function readDemo(now = Date.now(), files = roomFiles()) {
    const faults = [];
    const company = readCompany(undefined, faults);
    const rooms = files.map((f) => new RoomText(f, company, now, faults).read());
    return { company, rooms, faults };
}

/** Texts that stand more often than `most` times. */
export function repeated(rooms, most = 5) {
    const seen = new Map();
    for (const r of rooms)
        for (const m of r.all)
            if (m.text) seen.set(m.text, [...(seen.get(m.text) ?? []), `${r.id}.txt:${m.line}`]);
    return [...seen].filter(([, at]) => at.length > most);
}
