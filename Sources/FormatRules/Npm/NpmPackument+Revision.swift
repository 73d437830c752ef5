internal import Bytes
internal import Codec

extension NpmPackument {
  /// What `_rev` says: it changes whenever anything that the full document shows does, whoever asks
  /// and by whatever address, and only then.
  ///
  /// A change must name the revision that it began from, so two that cross do not undo each other.
  package var revision: String {
    var hash = SHA256Stream()
    func add(_ text: String) {
      // The length in front, so that no two lists of texts run together.
      hash.update(Array("\(text.utf8.count):\(text)".utf8).span)
    }
    add(attributes.json)
    for entry in entries {
      add(entry.listed.version)
      add(entry.listed.publishedAt?.npmText ?? "")
      add(entry.manifest.brief)
      add(entry.manifest.rest)
      add(entry.manifest.dist.json)
      add(entry.manifest.deprecated ?? "")
      add(entry.manifest.readme ?? "")
    }
    return "\(entries.count)-" + hash.digest().hexadecimal.prefix(32)
  }
}
