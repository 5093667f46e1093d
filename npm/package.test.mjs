// The package in Node.js: run by `cargo xtask npm`, which says where it is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const folder = process.env.PACKAGE ?? new URL('../npm-release', import.meta.url).pathname;
const lab = createRequire(import.meta.url)(`${folder}/node/starttls_lab.js`);
const file = (name) => new URL(`../tests/${name}`, import.meta.url).pathname;
const text = (octets) => new TextDecoder().decode(octets);
const octets = (text) => new TextEncoder().encode(text);

test('a log is judged as the command line judges it', { skip: !existsSync(process.env.COMMAND_LINE ?? '') }, () => {
  for (const name of ['cli/rfc2595.txt', 'corpus/sessions/0622-curl-pop3-required-cyrus-a-cmd_inject/client.pcap']) {
    let said;
    try {
      said = execFileSync(process.env.COMMAND_LINE, ['check', '--output', 'json', '--fail-on', 'never', file(name)]);
    } catch (error) {
      said = error.stdout;
    }
    const report = lab.check(readFileSync(file(name)), { file: file(name) });
    // Fingerprints belong to baselines, which only the command line has.
    const shown = (key, value) => (key === 'fingerprint' ? undefined : value);
    assert.deepEqual(report, JSON.parse(said.toString(), shown));
  }
});

test('what cannot be read says why, and a wrong option is an exception', () => {
  assert.match(lab.check(octets('')).inputs[0].error.message, /\w/);
  assert.throws(() => lab.check(octets('x'), { format: 'tarot' }), /tarot/);
  assert.throws(() => lab.simulate({ protocol: 'gopher' }), /gopher/);
  assert.throws(() => lab.explain('no-such-rule'), /no-such-rule/);
});

test('an attack takes the password, and a client that insists on TLS keeps it', () => {
  const lost = lab.simulate({ protocol: 'imap', attacks: ['strip-capability'] });
  assert.ok(lost.harms.some((harm) => harm.harm === 'credential'));
  const kept = lab.simulate({ protocol: 'imap', attacks: ['strip-capability'], set: ['client.tls=required'] });
  assert.deepEqual(kept.harms, []);
  assert.ok(!JSON.stringify(lost).includes('tanstaaftanstaaf'));
});

test('what there is can be listed and explained', () => {
  const rules = lab.list('rules');
  assert.ok(rules.length > 50);
  const rule = lab.explain(rules[0].id);
  assert.equal(rule.id, rules[0].id);
  assert.ok(lab.list('formats').some((format) => format.id === 'pcap'));
});

test('the types name what there is', () => {
  const types = readFileSync(`${folder}/web/starttls_lab.d.ts`, 'utf8');
  for (const name of ['Report', 'SessionRecord', 'VerdictRecord', 'MatrixRecord', 'Setup', 'CheckOptions', 'Machine']) {
    assert.match(types, new RegExp(`(interface|class|type) ${name}\\b`), name);
  }
  assert.match(types, /check\(octets: Uint8Array, options\?: CheckOptions( \| null)?\): Report/);
});

/** Puts a client and a server together; octets go over in pieces of a size. */
const meet = (size) => {
  const ends = {
    client: new lab.Machine({ protocol: 'imap', side: 'client', password: 'swordfish' }),
    server: new lab.Machine({ protocol: 'imap', side: 'server', password: 'swordfish' }),
  };
  const queue = { client: [...ends.client.connected()], server: [...ends.server.connected()] };
  const said = [];
  const wants = { client: [], server: [] };
  for (let turn = 0; turn < 100_000; turn++) {
    for (const side of ['client', 'server']) wants[side].push(...ends[side].asks().map((ask) => ask.ask));
    if (wants.client.includes('start-tls') && wants.server.includes('start-tls')) {
      wants.client = wants.client.filter((ask) => ask !== 'start-tls');
      wants.server = wants.server.filter((ask) => ask !== 'start-tls');
      said.push('TLS');
      queue.server.push(...ends.server.tlsDone('TLSv1.3'));
      queue.client.push(...ends.client.tlsDone('TLSv1.3'));
    }
    const from = ['server', 'client'].find((side) => queue[side].length);
    if (!from) break;
    const piece = Uint8Array.from(queue[from].splice(0, size));
    said.push([from, text(piece)]);
    const to = from === 'client' ? 'server' : 'client';
    queue[to].push(...ends[to].feed(piece));
  }
  const tape = (from) => said.filter((piece) => piece[0] === from).map((piece) => piece[1]).join('');
  return { server: tape('server'), client: tape('client'), tls: said.includes('TLS'), stage: ends.server.stage };
};

test('a client and a server of ours get on, however their octets are cut', () => {
  const [whole, byte] = [meet(4096), meet(1)];
  assert.ok(whole.tls && byte.tls);
  assert.match(whole.client, /STARTTLS/i);
  assert.equal(byte.client, whole.client);
  assert.equal(byte.server, whole.server);
});
