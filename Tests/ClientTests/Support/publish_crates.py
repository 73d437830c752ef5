"""Publishes crates that Debian unpacked: `publish_crates.py ADDRESS TOKEN NAME…`.

ADDRESS is the registry's, as cargo knows it less the `sparse+`. Each goes in one request with all
that its manifest says of features and dependencies, save those for development: they are in the
index before anything of them is built, and an optional dependency may be missing there.
"""

import glob
import io
import json
import os
import struct
import sys
import tarfile
import tomllib
import urllib.request

FOLDER = "/usr/share/cargo/registry"


def main():
    address, token, *names = sys.argv[1:]
    for name in names:
        folder = min(glob.glob(f"{FOLDER}/{name}-[0-9]*"))
        with open(os.path.join(folder, "Cargo.toml"), "rb") as file:
            manifest = tomllib.load(file)
        publish(address, token, description(manifest), archive(folder))


def description(manifest):
    package = manifest["package"]
    tables = [(None, manifest)] + list(manifest.get("target", {}).items())
    return {
        "name": package["name"],
        "vers": package["version"],
        "deps": [
            dependency(name, needed if isinstance(needed, dict) else {"version": needed}, kind, on)
            for on, table in tables
            for kind in ("normal", "build")
            for name, needed in table.get(
                "dependencies" if kind == "normal" else "build-dependencies", {}
            ).items()
        ],
        "features": manifest.get("features", {}),
        "authors": [],
        "description": package.get("description", ""),
        "license": package.get("license", "MIT"),
        "keywords": [],
        "categories": [],
        "badges": {},
        "links": package.get("links"),
        "rust_version": package.get("rust-version"),
    }


def dependency(name, needed, kind, target):
    return {
        "name": needed.get("package", name),
        "explicit_name_in_toml": name if "package" in needed else None,
        "version_req": needed.get("version", "*"),
        "features": needed.get("features", []),
        "optional": needed.get("optional", False),
        "default_features": needed.get("default-features", True),
        "target": target,
        "kind": kind,
        "registry": None,
    }


def archive(folder):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as crate:
        crate.add(folder, os.path.basename(folder), filter=plain)
    return buffer.getvalue()


def plain(member):
    """Debian's own checksums are no part of a crate."""
    return None if member.name.endswith("/.cargo-checksum.json") else member


def publish(address, token, described, crate):
    text = json.dumps(described).encode()
    body = struct.pack("<I", len(text)) + text + struct.pack("<I", len(crate)) + crate
    request = urllib.request.Request(
        f"{address.rstrip('/')}/api/v1/crates/new",
        data=body,
        headers={"Authorization": token},
        method="PUT",
    )
    with urllib.request.urlopen(request) as answer:
        said = json.load(answer)
    if "errors" in said:
        raise SystemExit(f"{described['name']}: {said}")


main()
