// A TCP proxy that does what bad networks do: it cuts a connection in the middle, delays what passes, or lets it hang
// half open, where one side keeps sending and the other hears nothing.
import net from 'node:net';

const CUT_AFTER = 600;             // bytes of a direction that still pass before a planned cut, at most

export class Proxy {
    /** To 127.0.0.1:`port`, from the client's own address; `random` gives numbers in [0, 1). */
    static start(port, random) {
        const p = new Proxy();
        Object.assign(p, { random, pairs: new Set(), cut: 0, delayed: 0, hung: 0 });
        p.server = net.createServer({ allowHalfOpen: true }, (from) => p.#pair(from, port));
        return new Promise((resolve) => p.server.listen(0, '0.0.0.0', () => resolve(Object.assign(p, { port: p.server.address().port }))));
    }

    #pair(from, port) {
        const to = net.connect({ port, host: '127.0.0.1', localAddress: from.remoteAddress, allowHalfOpen: true });
        const pair = { from, to, left: Infinity, hangs: false, delay: 0, queue: Promise.resolve() };
        this.pairs.add(pair);
        const end = () => this.#end(pair);
        for (const [a, b] of [[from, to], [to, from]]) {
            a.setNoDelay(true);
            a.on('data', (d) => this.#pass(pair, b, d));
            a.on('error', end);
            a.on('close', end);
            a.on('end', () => !pair.hangs && end());
        }
    }

    #end(pair) {
        pair.from.destroy();
        pair.to.destroy();
        this.pairs.delete(pair);
    }

    /** In order, even when a delay is set or lifted between two pieces. */
    #pass(pair, to, d) {
        if (pair.hangs) return;
        const part = d.subarray(0, Math.min(d.length, pair.left));
        pair.left -= part.length;
        const ms = pair.delay;
        pair.queue = pair.queue.then(async () => {
            if (ms) await new Promise((resolve) => setTimeout(resolve, ms));
            if (!to.destroyed) to.write(part);
            if (pair.left <= 0) this.#end(pair);
        });
    }

    /** One of the connections, at random, gets one of the three. */
    harm() {
        const all = [...this.pairs].filter((p) => !p.hangs && p.left === Infinity);
        const pair = all[Math.floor(this.random() * all.length)];
        if (!pair) return;
        const what = this.random();
        if (what < 0.6) {
            pair.left = Math.floor(this.random() * CUT_AFTER);
            this.cut++;
        } else if (what < 0.9) {
            pair.delay = pair.delay ? 0 : 5 + Math.floor(this.random() * 60);
            this.delayed++;
        } else {
            pair.hangs = true;
            this.hung++;
        }
    }

    /** From now on every connection is whole; those that hang are ended, as by a client's own patience. */
    heal() {
        for (const pair of this.pairs) {
            pair.delay = 0;
            if (pair.hangs || pair.left < Infinity) this.#end(pair);
        }
    }

    stop() {
        for (const pair of this.pairs) this.#end(pair);
        this.server.close();
    }
}
