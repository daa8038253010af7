// The reporter of node:test that our runs use: one line per failed test with its place and reason, then the
// line "N passed, N failed" that tool/parts counts. A file that could not run counts as one failed test.
export default async function* reporter(events) {
    let passed = 0;
    let failed = 0;
    for await (const { type, data } of events) {
        if (type === 'test:pass' && data.details?.type !== 'suite' && !data.skip && !data.todo) {
            passed++;
        } else if (type === 'test:pass' && (data.skip || data.todo)) {
            failed++;
            yield `${data.file}:${data.line}: ${data.name}: skipped: a test runs or is not there\n`;
        } else if (type === 'test:fail' && data.details?.error?.failureType !== 'subtestsFailed') {
            failed++;
            const cause = data.details?.error?.cause ?? data.details?.error;
            yield `${data.file}:${data.line}: ${data.name}: ${cause?.stack ?? cause}\n`;
        } else if (type === 'test:stderr' || type === 'test:stdout') {
            yield data.message;
        }
    }
    yield `${passed} passed, ${failed} failed\n`;
}
