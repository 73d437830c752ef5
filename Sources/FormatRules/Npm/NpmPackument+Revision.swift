internal import Bytes
internal import Codec

extension NpmPackument {
  /// What `_rev` says: it changes whenever anything that the full document shows does, whoever asks
  /// and by whatever address, and only then.
  ///
  /// A change must name the revision that it began from, so two that cross do not undo each other.
  package var revision: String {
    var hash = FramedDigest()
    hash.add(attributes.json)
    for entry in entries {
      hash.add(entry.listed.version)
      hash.add(entry.listed.publishedAt?.npmText ?? "")
      hash.add(entry.manifest.brief)
      hash.add(entry.manifest.rest)
      hash.add(entry.manifest.dist.json)
      hash.add(entry.manifest.deprecated ?? "")
      hash.add(entry.manifest.readme ?? "")
    }
    return "\(entries.count)-" + hash.digest().hexadecimal.prefix(32)
  }
}
