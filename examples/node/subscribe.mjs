// Prints the headline of each article and acknowledges it, until Ctrl-C.
//
//   npm install
//   node subscribe.mjs [ADDRESS] [GROUP] [NAME]
//
// ADDRESS is redis://… or a socket; by default that of `nabaa run` in this repository. Readers of one
// group share the articles; those that run at the same time need different names.
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from 'redis';

const embedded = fileURLToPath(new URL('../../data/valkey.sock', import.meta.url));
const [address = embedded, group = 'node', name = hostname()] = process.argv.slice(2);
const stream = 'nabaa:{0}:articles'; // one for each shard
const REDELIVER_MS = 600_000; // longer than you need for 64 articles

const client = createClient(address.includes('://') ? { url: address } : { socket: { path: address } });
client.on('error', (error) => console.error(error.message)); // it connects again by itself
let running = true;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (running = false));
await client.connect();

async function handle({ id, message }) {
  if (message?.data) {
    // What cannot be read is acknowledged, too: it would come again for ever.
    try {
      const article = JSON.parse(message.data);
      const again = article.version > 1 ? ` (version ${article.version}: ${article.changed})` : '';
      console.log(`${article.outlet.name}: ${article.title}${again}`);
    } catch (error) {
      console.error(`${id}: ${error.message}`);
    }
  } // else it was trimmed from the stream
  await client.xAck(stream, group, id);
}

let from = '0'; // first what this name was given before and did not acknowledge, then what is new
while (running) {
  try {
    const read = { key: stream, id: from };
    const answer = await client.xReadGroup(group, name, read, { COUNT: 64, BLOCK: 1000 });
    const messages = answer?.[0].messages ?? [];
    for (const message of messages) await handle(message);
    if (messages.length) continue;
    from = '>';
    // What readers of other names were given long ago and did not acknowledge: they died.
    const claimed = await client.xAutoClaim(stream, group, name, REDELIVER_MS, '0-0', { COUNT: 64 });
    for (const message of claimed.messages) if (message) await handle(message);
  } catch (error) {
    from = '0';
    if (error.message.startsWith('NOGROUP')) {
      await client.xGroupCreate(stream, group, '0', { MKSTREAM: true }).catch(() => {});
    } else if (running) {
      console.error(error.message);
      await sleep(1000);
    }
  }
}
client.destroy();
