// Lets `node --test` import the client's TypeScript as it stands: types are stripped, JSON becomes a module.
import { register } from 'node:module';

register('./typescript_hooks.mjs', import.meta.url);
