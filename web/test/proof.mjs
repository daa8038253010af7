// Which requirement a test proves, and how many assertions it ran. With PROOF_DIR set, every proof becomes a line
// "ID<tab>test<tab>assertions<tab>ok|fail" in $PROOF_DIR/web-<pid>.tsv.
import nodeAssert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import nodeTest from 'node:test';

let current = null;

/** node:assert/strict, counting. */
export const assert = new Proxy(nodeAssert, {
  get(target, name) {
    const f = target[name];
    if (typeof f !== 'function') return f;
    return (...args) => {
      if (current) current.count += 1;
      return f(...args);
    };
  },
});

/** Called inside a test: this test proves the requirement. */
export function proves(id) {
  if (!current) throw new Error('proves() stands inside a test');
  current.ids.push(id);
}

function write({ ids, count }, name, ok) {
  const folder = process.env.PROOF_DIR;
  if (!folder || ids.length === 0) return;
  fs.mkdirSync(folder, { recursive: true });
  const lines = ids.map((id) => `${id}\t${name}\t${count}\t${ok ? 'ok' : 'fail'}\n`);
  fs.appendFileSync(path.join(folder, `web-${process.pid}.tsv`), lines.join(''));
}

export function test(name, f) {
  nodeTest(name, async (t) => {
    const run = { ids: [], count: 0 };
    current = run;
    let ok = false;
    try {
      await f(t);
      nodeAssert.ok(run.count > 0, 'a test without an assertion proves nothing');
      ok = true;
    } finally {
      current = null;
      write(run, name, ok);
    }
  });
}
