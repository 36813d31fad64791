// A job on standard input: {folder, files: {path: text}, at?: {path, line, character}}. The files are opened in the YAML
// language server, which is what editors ask. Prints {found: {path: ["line: words"]}, offered: [completions at that place]}.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const { folder, files, at } = JSON.parse(readFileSync(0, "utf8"));
const package_ = createRequire(import.meta.url).resolve("yaml-language-server/package.json");
const server = spawn(process.execPath, [join(dirname(package_), "bin", "yaml-language-server"), "--stdio"]);
const answers = new Map();
const found = {};
let last = 0;
let heard = Date.now();
let unread = Buffer.alloc(0);

server.stdout.on("data", (data) => {
  unread = Buffer.concat([unread, data]);
  for (;;) {
    const head = unread.indexOf("\r\n\r\n");
    if (head < 0) return;
    const end = head + 4 + Number(/Content-Length: (\d+)/.exec(unread.subarray(0, head))[1]);
    if (unread.length < end) return;
    const message = JSON.parse(unread.subarray(head + 4, end));
    unread = unread.subarray(end);
    hear(message);
  }
});

const address = (path) => pathToFileURL(join(folder, path)).href;
const settings = { validate: true, completion: true, hover: true, schemaStore: { enable: false }, keyOrdering: false };

function hear(message) {
  heard = Date.now();
  if (message.method === "textDocument/publishDiagnostics") {
    const path = Object.keys(files).find((one) => address(one) === message.params.uri);
    found[path] = message.params.diagnostics.map((one) => `${one.range.start.line + 1}: ${one.message}`);
  } else if (message.method === "workspace/configuration") {
    say({ id: message.id, result: message.params.items.map(() => settings) });
  } else if (message.method && message.id !== undefined) {
    say({ id: message.id, result: null });
  } else if (answers.has(message.id)) {
    answers.get(message.id)(message.result);
  }
}

function say(message) {
  const text = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
  server.stdin.write(`Content-Length: ${text.length}\r\n\r\n`);
  server.stdin.write(text);
}

function ask(method, params) {
  last += 1;
  const answer = new Promise((done) => answers.set(last, done));
  say({ id: last, method, params });
  return answer;
}

// The server says nothing when it has looked through a file: it is done when all have been told and it is quiet.
async function quiet() {
  const pause = () => new Promise((done) => setTimeout(done, 100));
  while (Object.keys(found).length < Object.keys(files).length || Date.now() - heard < 1500) await pause();
}

await ask("initialize", {
  processId: process.pid,
  rootUri: pathToFileURL(folder).href,
  capabilities: { workspace: { configuration: true }, textDocument: { publishDiagnostics: {}, completion: {} } },
  workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "project" }],
});
say({ method: "initialized", params: {} });
for (const [path, text] of Object.entries(files)) {
  say({
    method: "textDocument/didOpen",
    params: { textDocument: { uri: address(path), languageId: "yaml", version: 1, text } },
  });
}
await quiet();
let offered = [];
if (at) {
  const place = { textDocument: { uri: address(at.path) }, position: { line: at.line, character: at.character } };
  const answer = await ask("textDocument/completion", place);
  offered = (answer.items ?? answer).map((one) => one.label);
}
console.log(JSON.stringify({ found, offered }));
server.kill();
process.exit(0);
