// Publishes npm's own dependency tree, about 190 real packages that are on every machine with npm,
// as npm would: `node publish_npm_tree.js REGISTRY TOKEN`. One npm a package would take minutes.
const { execFileSync } = require("child_process");
const fs = require("fs");
const path = require("path");
const crypto = require("crypto");
const [registry, token] = process.argv.slice(2);
const root = path.join(execFileSync("npm", ["root", "-g"]).toString().trim(), "npm/node_modules");
const found = new Map();
function walk(folder) {
  for (const entry of fs.readdirSync(folder)) {
    if (entry.startsWith(".")) continue;
    const place = path.join(folder, entry);
    if (entry.startsWith("@")) { walk(place); continue; }
    const file = path.join(place, "package.json");
    if (fs.existsSync(file)) {
      const manifest = JSON.parse(fs.readFileSync(file));
      found.set(manifest.name + "@" + manifest.version, [place, manifest]);
    }
    const inside = path.join(place, "node_modules");
    if (fs.existsSync(inside)) walk(inside);
  }
}
async function publish([place, manifest]) {
  const archive = execFileSync("tar", [
    "-czf", "-", "--exclude=./node_modules", "--transform", "s,^\\.,package,", "-C", place, ".",
  ], { maxBuffer: 1 << 28 });
  const { name, version } = manifest;
  const hash = (algorithm, form) => crypto.createHash(algorithm).update(archive).digest(form);
  const dist = { integrity: "sha512-" + hash("sha512", "base64"), shasum: hash("sha1", "hex") };
  const body = {
    _id: name, name, "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, _id: name + "@" + version, dist } },
    _attachments: {
      [name + "-" + version + ".tgz"]: {
        content_type: "application/octet-stream", data: archive.toString("base64"),
        length: archive.length,
      },
    },
  };
  const reply = await fetch(registry + name.replace("/", "%2f"), {
    method: "PUT", body: JSON.stringify(body),
    headers: { authorization: "Bearer " + token, "content-type": "application/json" },
  });
  if (!reply.ok) throw new Error(name + ": " + reply.status + " " + await reply.text());
}
(async () => {
  walk(root);
  const queue = [...found.values()];
  const workers = Array.from({ length: 8 }, async () => {
    for (let next; (next = queue.pop()); ) await publish(next);
  });
  await Promise.all(workers);
  console.log("published " + found.size);
})().catch(error => { console.error(error); process.exit(1); });
