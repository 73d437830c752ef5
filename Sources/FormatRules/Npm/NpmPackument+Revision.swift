internal import Bytes
internal import Codec

extension NpmPackument {
  /// What `_rev` says: it changes whenever anything that the full document shows does, whoever asks
  /// and by whatever address, and only then.
  ///
  /// A change must name the revision that it began from, so two that cross do not undo each other.
  /// Whoever could make two states collide may write both, so a checksum does where a digest of
  /// five megabytes takes four milliseconds.
  package var revision: String {
    var marks = Marks()
    marks.add(attributes.json)
    for entry in entries {
      marks.add(entry.listed.version)
      marks.add(entry.listed.publishedAt.map { String($0.microseconds) } ?? "")
      marks.add(entry.manifest.brief)
      marks.add(entry.manifest.rest)
      marks.add(entry.manifest.dist.json)
      marks.add(entry.manifest.deprecated ?? "")
      marks.add(entry.manifest.readme ?? "")
    }
    return "\(entries.count)-" + marks.total
  }

  /// The checksums of texts, sixteen bytes each, so that no two lists of texts run together.
  private struct Marks {
    private var bytes: [UInt8] = []

    mutating func add(_ text: String) { Self.append(text.utf8.span, to: &bytes) }

    /// The checksum of them all, as 32 digits.
    var total: String {
      var total: [UInt8] = []
      Self.append(bytes.span, to: &total)
      return Hexadecimal.encode(total)
    }

    private static func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
      let checksum = Checksum.plain.digest128(text)
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: checksum.high >> UInt64(shift)))
      }
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: checksum.low >> UInt64(shift)))
      }
    }
  }
}
