"use strict";
// The verifier of the offline page, and of Node in the tests: the same checks as `xianjin verify`, by WebCrypto alone.

const GENESIS = "0".repeat(64);
const TAGS = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "signature.json", "tagmanifest-sha256.txt"];
const SEAL = "data/proof/seal.json";
const KEYS = "data/proof/keys.json";
const utf8 = new TextEncoder();
const text = (bytes) => new TextDecoder().decode(bytes);
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const unbase64 = (coded) => Uint8Array.from(atob(coded), (each) => each.charCodeAt(0));
const sha256 = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));

// RFC 8785 for what a case history holds: objects, lists, texts, whole numbers, true, false, null.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(",")}}`;
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

async function isSigned(content, signature, publicKey) {
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, content);
  } catch (error) {
    if (error.name === "NotSupportedError") throw new Error("浏览器不支持Ed25519签名，请更新浏览器 this browser does not know Ed25519");
    return false;
  }
}

function manifestOf(bytes) {
  const lines = text(bytes).split("\n").filter((line) => line !== "");
  const unescape = (path) => path.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%25", "%");
  return new Map(lines.map((line) => [unescape(line.slice(66)), line.slice(0, 64)]));
}

async function rootFrom(leaf, index, size, path) {
  let node = leaf, position = index, width = size;
  const rest = [...path];
  while (width > 1) {
    const sibling = position ^ 1;
    if (sibling < width) {
      if (rest.length === 0) return null;
      const other = unhex(rest.shift());
      const pair = position % 2 === 0 ? [node, other] : [other, node];
      node = new Uint8Array(await crypto.subtle.digest("SHA-256", joined(Uint8Array.of(1), ...pair)));
    }
    position = Math.floor(position / 2);
    width = Math.floor((width + 1) / 2);
  }
  return rest.length === 0 ? hex(node) : null;
}

async function verifyHistory(files, folder, seal, faults) {
  const name = `${folder}events.jsonl`;
  const facts = JSON.parse(text(files.get(`${folder}case.json`)));
  const lines = text(files.get(name) ?? new Uint8Array()).split("\n").filter((line) => line !== "");
  const isSealed = async (end) => {
    const head = canonical({ case: facts.nomination_id, sequence: lines.length, hash: end });
    const leaf = await crypto.subtle.digest("SHA-256", joined(Uint8Array.of(0), utf8.encode(head)));
    const { index, path } = facts.inclusion ?? {};
    return seal !== null && Array.isArray(path) && await rootFrom(new Uint8Array(leaf), index, seal.tree_size, path) === seal.root;
  };
  const parsed = (line) => { try { return JSON.parse(line); } catch { return null; } };
  // The next entry, or after the last one the seal, carries this one's hash: it is whole, so what it follows was changed.
  const isFollowed = async (at) => {
    const own = await sha256(utf8.encode(lines[at]));
    return at + 1 < lines.length ? parsed(lines[at + 1])?.previous_hash === own : isSealed(own);
  };
  let previous = GENESIS;
  for (const [at, line] of lines.entries()) {
    const event = parsed(line);
    const inPlace = event !== null && canonical(event) === line && event.sequence === at + 1
      && event.nomination_id === facts.nomination_id;
    if (!inPlace || event.previous_hash !== previous) {
      const first = inPlace && at > 0 && await isFollowed(at) ? at : at + 1;
      faults.push(`${name} 第${first}条: 次序、内容或归属不对`);
      return;
    }
    previous = await sha256(utf8.encode(line));
  }
  if (seal !== null && !await isSealed(previous)) faults.push(`${name} 第${lines.length}条: 经历的末条与封存的根不符`);
}

async function verifySeal(files, faults) {
  try {
    const facts = JSON.parse(text(files.get(SEAL)));
    const statement = unbase64(facts.statement);
    const stated = JSON.parse(text(statement));
    const publicKey = unbase64(JSON.parse(text(files.get(KEYS)))[stated.key_id]);
    const named = (await sha256(publicKey)).slice(0, 16) === stated.key_id;
    if (named && await isSigned(statement, unbase64(facts.signature), publicKey)) return stated;
  } catch (error) {
    if (/Ed25519/.test(error.message)) throw error;
  }
  faults.push(`${SEAL}: 封存签名无效`);
  return null;
}

async function verifyBag(files) {
  const faults = [];
  for (const tag of TAGS) if (!files.has(tag)) faults.push(`${tag}: 缺失`);
  if (faults.length > 0) return { faults, files: 0, cases: 0, keyId: "" };
  const manifest = manifestOf(files.get("manifest-sha256.txt"));
  for (const [name, digest] of manifestOf(files.get("tagmanifest-sha256.txt"))) {
    if (await sha256(files.get(name) ?? new Uint8Array()) !== digest) faults.push(`${name}: 内容被改动`);
  }
  for (const [name, digest] of manifest) {
    if (!files.has(name)) faults.push(`${name}: 缺失`);
    else if (await sha256(files.get(name)) !== digest) faults.push(`${name}: 内容被改动`);
  }
  for (const name of files.keys()) if (!manifest.has(name) && !TAGS.includes(name)) faults.push(`${name}: 多出的文件`);
  const signature = JSON.parse(text(files.get("signature.json")));
  const publicKey = unbase64(signature.public_key);
  const keyId = (await sha256(publicKey)).slice(0, 16);
  const signed = ["bag-info.txt", "manifest-sha256.txt"].map(async (name) => `${await sha256(files.get(name))}  ${name}\n`);
  const content = utf8.encode((await Promise.all(signed)).join(""));
  if (!await isSigned(content, unbase64(signature.signature), publicKey)) faults.push("signature.json: 清单签名无效");
  const seal = await verifySeal(files, faults);
  const folders = [...manifest.keys()].filter((name) => name.endsWith("/case.json")).map((name) => name.slice(0, -"case.json".length));
  for (const folder of folders) if (files.has(`${folder}case.json`)) await verifyHistory(files, folder, seal, faults);
  return { faults, files: manifest.size, cases: folders.length, keyId };
}

if (typeof module !== "undefined") module.exports = { verifyBag, canonical };
