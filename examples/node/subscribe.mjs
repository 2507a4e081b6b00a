// Prints the headline of each article, and acknowledges it; run it twice and the two share them.
//
//   npm install && node subscribe.mjs redis://localhost:6379/0 [group]
import { hostname } from 'node:os';
import { createClient } from 'redis';

const url = process.argv[2] ?? 'redis://localhost:6379/0';
const group = process.argv[3] ?? 'node';
const stream = 'nabaa:{0}:articles'; // one for each shard
const consumer = `${hostname()}-${process.pid}`;
const REDELIVER_MS = 600_000; // longer than you need for a batch

const client = createClient({ url });
client.on('error', (error) => console.error(error.message)); // it connects again by itself
await client.connect();

let running = true;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (running = false));

try {
  await client.xGroupCreate(stream, group, '0', { MKSTREAM: true });
} catch (error) {
  if (!error.message.startsWith('BUSYGROUP')) throw error;
}

async function handle({ id, message }) {
  const article = JSON.parse(message.data);
  const again = article.version > 1 ? ` (version ${article.version}: ${article.changed})` : '';
  console.log(`${article.outlet.name}: ${article.title}${again}`);
  await client.xAck(stream, group, id);
}

while (running) {
  // What a reader that died was given, and did not acknowledge.
  const claimed = await client.xAutoClaim(stream, group, consumer, REDELIVER_MS, '0-0', { COUNT: 64 });
  for (const message of claimed.messages) if (message) await handle(message);

  const answer = await client.xReadGroup(group, consumer, { key: stream, id: '>' }, { COUNT: 64, BLOCK: 1000 });
  for (const { messages } of answer ?? []) for (const message of messages) await handle(message);
}
client.destroy();
