// TCP echo and HTTP in Node.js: node node_peer.js echo|http server|client HOST PORT PAYLOAD.
// The clients compare every byte that comes back with the file PAYLOAD.
"use strict";
const crypto = require("crypto");
const fs = require("fs");
const http = require("http");
const net = require("net");

const TURNS = 200;
const REQUESTS = 400;
const SOCKETS = 8;
const SIZES = [1, 100, 1024, 4096, 16384, 65536, 1024, 262144];
const [kind, side, host, port, file] = process.argv.slice(2);
const payload = fs.readFileSync(file);
const sha256 = (bytes) => crypto.createHash("sha256").update(bytes).digest("hex");

function fail(why) {
  console.error(why);
  process.exit(1);
}

function slice(turn) {
  const size = 1 + ((turn * turn * 37) % 65536);
  const start = (turn * 7919) % (payload.length - size);
  return payload.subarray(start, start + size);
}

function askEcho() {
  const digest = crypto.createHash("sha256");
  let turn = 0;
  let received = 0;
  let parts = [];
  let size = 0;
  const socket = net.connect({ host, port: Number(port) });
  const next = () => (turn < TURNS ? socket.write(slice(turn)) : socket.end(payload));
  socket.on("connect", next);
  socket.on("error", (error) => fail(String(error)));
  socket.on("data", (data) => {
    digest.update(data);
    received += data.length;
    parts.push(data);
    size += data.length;
    const expected = turn < TURNS ? slice(turn) : payload;
    if (size < expected.length) return;
    if (!Buffer.concat(parts).equals(expected)) fail(`turn ${turn}: other bytes`);
    parts = [];
    size = 0;
    if (turn++ < TURNS) next();
  });
  socket.on("end", () => {
    if (turn !== TURNS + 1) fail(`end of stream in turn ${turn}`);
    console.log(`turns ${TURNS}\nreceived ${received}\nsha256 ${digest.digest("hex")}`);
  });
}

function serveHttp() {
  const server = http.createServer((request, response) => {
    if (request.method === "POST") {
      const digest = crypto.createHash("sha256");
      request.on("data", (data) => digest.update(data));
      request.on("end", () => response.end(digest.digest("hex")));
    } else {
      response.end(payload.subarray(0, Number(request.url.split("/")[2])));
    }
  });
  server.listen(Number(port), host);
}

function ask(agent, number) {
  const size = SIZES[number % SIZES.length];
  const posts = number % 4 === 3;
  const body = payload.subarray(size, 2 * size);
  const expected = posts ? Buffer.from(sha256(body)) : payload.subarray(0, size);
  const options = { agent, host, port, method: posts ? "POST" : "GET", path: `/bytes/${size}` };
  return new Promise((resolve) => {
    const request = http.request(options, (response) => {
      const parts = [];
      response.on("data", (data) => parts.push(data));
      response.on("end", () => {
        const got = Buffer.concat(parts);
        if (!got.equals(expected)) fail(`request ${number}: ${got.length} other bytes`);
        resolve(got.length);
      });
    });
    request.on("error", (error) => fail(String(error)));
    request.end(posts ? body : undefined);
  });
}

async function askHttp() {
  const agent = new http.Agent({ keepAlive: true, maxSockets: SOCKETS });
  const requests = Array.from({ length: REQUESTS }, (_, number) => ask(agent, number));
  const received = (await Promise.all(requests)).reduce((a, b) => a + b, 0);
  agent.destroy();
  console.log(`answered ${REQUESTS}\nreceived ${received}`);
}

if (kind === "http") {
  side === "server" ? serveHttp() : askHttp();
} else if (side === "server") {
  net
    .createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket))
    .listen(Number(port), host);
} else {
  askEcho();
}
