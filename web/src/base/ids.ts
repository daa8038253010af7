// Request keys: UUIDv7, so that they begin with their time. Two keys made in one millisecond keep their order.

let lastTime = 0;
let counter = 0;

const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0');

export function uuid7(now: number = Date.now()): string {
  if (now > lastTime) {
    lastTime = now;
    counter = crypto.getRandomValues(new Uint16Array(1))[0]! & 0x7ff;
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastTime += 1;
      counter = 0;
    }
  }
  const r = crypto.getRandomValues(new Uint8Array(8));
  r[0] = (r[0]! & 0x3f) | 0x80;
  const tail = [...r].map((b) => hex(b, 2)).join('');
  const time = hex(lastTime, 12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(counter, 3)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
