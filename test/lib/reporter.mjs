// The reporter of node:test that our runs use: each failed test with its reason and place, then the
// line "N passed, N failed" that tool/parts counts. A file that could not run counts as one failed test.
// What tests print is indented, so that it can never be taken for that line.
const indent = (text) => `${text}`.trimEnd().replace(/^/gm, '    ').trimStart();

export default async function* reporter(events) {
    let passed = 0;
    let failed = 0;
    for await (const { type, data } of events) {
        if (type === 'test:pass' && data.details?.type !== 'suite' && !data.skip && !data.todo) {
            passed++;
        } else if (type === 'test:pass' && String(data.skip).startsWith('NOT RUN: ')) {
            yield `not run: ${data.name}: ${data.skip.slice(9)}\n`;
        } else if (type === 'test:pass' && (data.skip || data.todo)) {
            failed++;
            yield `failed: ${data.name}: skipped: a test runs or is not there\n`;
        } else if (type === 'test:fail' && data.details?.error?.failureType !== 'subtestsFailed') {
            failed++;
            const cause = data.details?.error?.cause ?? data.details?.error;
            yield `failed: ${data.name}: ${indent(cause?.stack ?? cause)}\n`;
        } else if (type === 'test:stderr' || type === 'test:stdout') {
            yield `    ${indent(data.message)}\n`;
        }
    }
    yield `${passed} passed, ${failed} failed\n`;
}
