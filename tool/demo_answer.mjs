// The one who answers by itself in one room of the demo company, so that a lone visitor sees talk move: reads, writes,
// reacts and answers by what was said. It says of itself that it is no person. Ends with the server.
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { newKey, Person } from '../test/lib/people.mjs';
import { installation, WORKGROUP } from './demo_make.mjs';
import { readDemo } from './demo_text.mjs';

export const LOGIN = 'hiyori';
export const ROOM = 'madoguchi';
const AGAIN_MS = 2000;

/* The first row that fits decides: what was said, a mark put to it, what is answered. A stamp is answered by its name. */
const RULES = [
    [/ありがと|感謝|助かり/, '🙏', ['どういたしまして。お役に立ててうれしいです。', 'こちらこそ、ありがとうございます。', { stamp: 'ureshii' }]],
    [/おはよ/, '☀️', ['おはようございます。今日もよろしくお願いします。', 'おはようございます。1便は5時50分に出ました。']],
    [/こんにち|はじめまして|hello|hi\b/i, '😊', ['こんにちは。お店のことでも、縁側の使い方でも、どうぞ。', 'はじめまして。ひよりです。何でも書いてみてください。']],
    [/お?疲れ|おつかれ|お先に/, '🙇', [{ stamp: 'otsukare' }, 'おつかれさまです。気をつけてお帰りください。']],
    [/シフト|早番|遅番|休み|応援/, '👀', ['シフトのことですね。「辻堂店 応援シフト」のトークで投票ができますよ。', '日にちと時間を書いておくと、店長が見てくれます。']],
    [/パン|クロワッサン|バゲット|フォカッチャ|シュトーレン/, '🍞', ['焼き上がりは11時と15時です。今日は早めになくなりそうです。', 'いい匂いが届きそうです。残りの数は店のトークで聞いてみてください。']],
    [/冷蔵|冷凍|温度|℃/, '⚠️', ['まず表示の温度を書いて、「品質管理・衛生」にも知らせてください。', { stamp: 'kakunin_chu' }]],
    [/遅れ|渋滞|事故|便/, '🚚', ['承知しました。配送連絡のトークにも書いておくと、みんな助かります。', '安全第一でお願いします。']],
    [/誕生日|おめでと|合格/, '🎉', [{ stamp: 'omedeto' }, 'おめでとうございます!']],
    [/熱|体調|風邪|頭が痛/, '😢', [{ stamp: 'odaiji' }, '無理をせず、店長へ早めに連絡してくださいね。']],
    [/使い方|どうやって|できますか|スタンプ|投票|スレッド|既読|検索/, '💡', ['メッセージを長押し (パソコンなら右クリック) すると、返信、スレッド、リアクションが選べます。', '入力欄の「+」から、スタンプと投票が送れます。まずはひとつ送ってみてください。']],
    [/[?？]$/, '🤔', ['それはひよりには分かりません。店のトークで聞いてみましょう。', 'いい質問です。でも自動応答なので、答えは持っていないんです。']],
];
const ELSE = [null, ['読みました。人に伝えたいことは、店のトークへどうぞ。', { stamp: 'kakunin_zumi' }, 'なるほど。メモしておきます。', { stamp: 'iine' }]];
const TO_STAMP = { arigato: { stamp: 'ureshii' }, onegai: { stamp: 'ryokai' }, otsukare: { stamp: 'otsukare' }, ohayo: { stamp: 'ohayo' }, omedeto: { stamp: 'arigato' }, mata_asu: { stamp: 'mata_asu' } };

/** { mark, say }: what is put to the message, and what is answered; say: a text or { stamp }. */
export function answerTo(message, pick = (all) => all[randomInt(all.length)]) {
    if (message.kind === 'stamp') return { mark: null, say: TO_STAMP[message.content?.stamp] ?? { stamp: 'iine' } };
    if (message.kind === 'poll') return { mark: '👍', say: '投票ですね。みなさんの答えを待ちましょう。', vote: true };
    if (message.kind !== 'text') return { mark: '👀', say: { stamp: 'kakunin_zumi' } };
    const [, mark, says] = RULES.find(([fits]) => fits.test(message.text.trim())) ?? [null, ...ELSE];
    return { mark, say: pick(says) };
}

class Answerer {
    constructor(house, person, pause) {
        Object.assign(this, { house, person, pause });
    }

    async run(signal) {
        const name = readDemo().rooms.find((r) => r.id === ROOM).name;
        const { rooms } = (await this.person.get('/rooms')).json;
        this.room = rooms.find((r) => r.name === name && r.kind === 'several')?.id;
        if (!this.room) throw new Error(`there is no room ${name}`);
        const socket = await this.person.socket();
        signal?.addEventListener('abort', () => socket.end(), { once: true });
        if (signal?.aborted) socket.end();
        await socket.call('room.open', { room: this.room }, { on: true });
        for (;;) {
            const m = await this.said(socket);
            if (socket.close) return;
            socket.seen.length = 0;
            if (m) await this.answer(socket, m);
        }
    }

    /** What somebody else writes in the room; undefined: nothing for a while. */
    async said(socket) {
        try {
            const e = await socket.event('talk.message.posted', ({ data }) => data.room === this.room && data.author !== this.person.id && data.kind !== 'system');
            return e.data;
        } catch {
            socket.queue.length = 0;
            return undefined;
        }
    }

    async answer(socket, m) {
        const room = { room: this.room }, message = { message: m.id };
        const { mark, say, vote } = answerTo(m);
        await wait(this.pause);
        await socket.call('talk.read', room, { seq: m.seq });
        if (mark) await socket.call('talk.react', message, { mark, on: true });
        if (vote) await socket.call('talk.vote', message, { votes: [{ choice: 0 }] });
        await socket.call('talk.typing', room, {});
        await wait(this.pause * 2);
        await socket.call('talk.post', room, { key: newKey(), ...(say.stamp ? { kind: 'stamp', stamp: say.stamp } : { text: say }), ...(m.thread ? { thread: m.thread } : {}) });
    }
}

/** Until the server ends; a connection that was lost is made again. */
export async function answer(data, passwords, { pause = 900, signal } = {}) {
    const password = passwords.get(LOGIN);
    while (!signal?.aborted) {
        let house;
        try {
            house = await installation(data);
            const { tenants } = await house.op('tenant.list');
            const { number } = tenants.find((t) => t.workgroup === WORKGROUP);
            const { members } = await house.op('member.all', {}, WORKGROUP);
            const me = members.find((m) => m.login === LOGIN);
            const person = new Person({ house, workgroup: WORKGROUP, number }, LOGIN, password, me.id);
            await person.signIn();
            await new Answerer(house, person, pause).run(signal);
        } catch (e) {
            if (e.code === 'ENOENT' || e.code === 'ECONNREFUSED') return 0;   // the server is gone
            console.error(`demo answer: ${e.message}`);
        } finally {
            house?.ctl.close();
        }
        if (!signal?.aborted) await wait(AGAIN_MS);
    }
    return 0;
}
