// A site of the internet for tests that need one and are not about it: one page with a picture, at SITE, as the server of a house reaches
// it (test.out in its configuration). It ends with the process.
import http from 'node:http';
import { png } from './pictures.mjs';

export const SITE = '93.184.216.40';

let port;

/** The port of this machine at which it is; the same one for all of a process. */
export function sitePort() {
    port ??= new Promise((resolve) => {
        const server = http.createServer((req, res) => {
            const picture = req.url === '/a.png';
            res.writeHead(200, { 'Content-Type': picture ? 'image/png' : 'text/html; charset=utf-8' });
            res.end(picture ? png() : '<html><head><title>店</title><meta property="og:image" content="/a.png"></head></html>');
        });
        server.listen(0, '127.0.0.1', () => resolve(server.unref().address().port));
    });
    return port;
}
