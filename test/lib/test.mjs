// Tests that run on Node: node:test with assertions that are counted and requirements that are named.
//
//     import { test, assert, proves } from '../lib/test.mjs';
//     test('a message is seen by the other one', async (t) => {
//         proves('TLK-02');
//         assert.equal(await other.next(), 'hello');
//     });
//
// A test in which no assertion ran fails, and so does one that is skipped, but by testUnless(). Where PROOF_DIR is set, $PROOF_DIR/<file>.tsv gets a line
// "ID, test, assertions, ok|fail" for each proves(). Assertions and proves() count for the test they are
// called from, also after an await. `until` waits for a condition with a deadline; nothing else waits.
import nodeTest, { before, after, beforeEach, afterEach } from 'node:test';
import nodeAssert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { scheduler } from 'node:timers/promises';

const current = new AsyncLocalStorage();
const dir = process.env.PROOF_DIR;
const here = relative(process.cwd(), process.argv[1] ?? 'node').replace(/\.[cm]?[jt]sx?$/, '').replace(/[^A-Za-z0-9_]+/g, '-');
const file = dir ? join(dir, `${here}${process.env.PROOF_SUFFIX ?? ''}.tsv`) : null;
if (file)
    writeFileSync(file, '');

function count() {
    for (let at = current.getStore(); at; at = at.parent)
        at.assertions++;
}

/** node:assert/strict, each call counted. */
export const assert = new Proxy(nodeAssert, {
    apply(target, self, args) {
        count();
        return target(...args);
    },
    get(target, name) {
        const value = target[name];
        if (typeof value !== 'function' || name === 'AssertionError')
            return value;
        return (...args) => {
            count();
            return value(...args);
        };
    },
});

/** The running test proves this requirement, as far as its assertions hold. */
export function proves(...ids) {
    const at = current.getStore();
    if (!at)
        throw new Error('proves() outside a test');
    for (const id of ids) {
        if (!/^(?:[A-Z]{3}-\d\d|B\d+\.\d\d)$/.test(id))
            throw new Error(`not a requirement's ID: ${id}`);
        at.proves.push(id);
    }
}

function report(at, passed) {
    if (file && at.proves.length)
        appendFileSync(file, at.proves.map((id) => `${id}\t${at.name}\t${at.assertions}\t${passed ? 'ok' : 'fail'}\n`).join(''));
}

/** test(name, [options], body): node:test's, with a limit of 60 s unless options.timeout says otherwise. */
export function test(name, options, body) {
    if (typeof options === 'function')
        [options, body] = [{}, options];
    return nodeTest(name, { timeout: 60_000, ...options }, (t) => {
        const at = { name: String(name).replace(/[\t\n]/g, ' '), assertions: 0, proves: [], parent: current.getStore() };
        return current.run(at, async () => {
            let passed = false;
            try {
                await body(t);
                if (at.assertions === 0)
                    throw new Error('no assertion ran');
                passed = true;
            } finally {
                report(at, passed);
            }
        });
    });
}

/** What this machine or user cannot do; false: it can. */
export const notRoot = process.getuid() !== 0 && 'it needs root';

/** test(), where nothing is lacking; else the run says that it did not run, and counts it neither as passed nor as failed. */
export function testUnless(lacking, name, options, body) {
    return lacking ? nodeTest(name, { skip: `NOT RUN: ${lacking}` }) : test(name, options, body);
}

/** Asks again and again until ask() gives something truthy, and gives that; fails after `deadline` ms (30 s). */
export async function until(ask, what, deadline = 30_000) {
    const end = performance.now() + deadline;
    for (;;) {
        const got = await ask();
        if (got)
            return got;
        if (performance.now() > end)
            nodeAssert.fail(`not within ${deadline} ms: ${what ?? ask}`);
        await scheduler.wait(15);
    }
}

export { before, after, beforeEach, afterEach };
