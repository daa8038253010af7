// A signed-in member for the figures: keep-alive HTTPS, cookies, JSON.
import https from 'node:https';

export class Client {
    constructor(house) {
        this.house = house;
        this.agent = new https.Agent({ keepAlive: true, ca: house.ca });
        this.cookies = new Map();
    }

    call(method, path, body) {
        const headers = { Origin: this.house.origin, 'X-Engawa': '1', Cookie: [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ') };
        if (body !== undefined) headers['Content-Type'] = 'application/json';
        return new Promise((resolve, reject) => {
            const r = https.request({ host: 'localhost', port: this.house.port, agent: this.agent, method, path, headers }, (m) => {
                let text = '';
                m.on('data', (d) => (text += d));
                m.on('end', () => {
                    for (const c of m.headers['set-cookie'] ?? []) {
                        const [pair] = c.split(';');
                        this.cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
                    }
                    if (m.statusCode !== 200) reject(new Error(`${method} ${path}: ${m.statusCode} ${text}`));
                    else resolve(JSON.parse(text));
                });
            });
            r.on('error', reject);
            r.end(body === undefined ? undefined : JSON.stringify(body));
        });
    }

    get(path) {
        return this.call('GET', path);
    }
    post(path, body) {
        return this.call('POST', path, body);
    }
    async signIn(id, workgroup, password) {
        const me = await this.post(`/w/${workgroup}/session`, { id, password, client: 'web' });
        if (!me.second) return me;
        const { code } = await this.house.op('member.second_slip', { login: id }, workgroup);
        return (await this.post(`/t/${me.tenant}/session/second`, { code, remember: true })).me;
    }
}
