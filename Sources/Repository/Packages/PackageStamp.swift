internal import Bytes
internal import Catalog
internal import Codec
internal import FormatRules

/// What a package's documents are made from, as a digest: it changes whenever they may.
///
/// What repositories hold stands in it by the serials of their journal, and what registries say by
/// the digests of their documents: neither rows nor documents have to be read for it. To hash what
/// a registry of 5 MB says once more took 7 ms of those in which a crowd waits. A document that
/// says the same in other words changes the stamp, which costs a rendering; entity tags are made of
/// bytes, and do not change.
enum PackageStamp {
  /// The stamp of a package of which everything is shown.
  static func stamp(
    of package: String,
    from sources: ProjectSources,
    _ documents: [SourceDocument]
  ) -> SHA256Digest {
    var hash = FramedDigest()
    hash.add(package)
    hash.add(sources.way.hexadecimal)
    for document in documents {
      hash.add(document.read.connection.rawValue)
      hash.add(document.read.address)
      hash.add(document.read.accept)
      hash.add(document.digest.hexadecimal)
    }
    return hash.digest()
  }

  /// The stamp of a listing out of which something may have been left: each part framed, so that no
  /// two listings run together.
  static func stamp(of listing: PackageListing) -> SHA256Digest {
    var hash = FramedDigest()
    hash.add("listing")
    hash.add(listing.name)
    hash.add(listing.attributes)
    for version in listing.versions { hash.add(version) }
    return hash.digest()
  }
}

extension FramedDigest {
  fileprivate mutating func add(_ version: ListedVersion) {
    add(version.version)
    add(version.publishedAt?.text ?? "")
    add(version.isListed ? "listed" : "unlisted")
    add(version.metadata)
    add("files \(version.files.count)")
    for file in version.files {
      add(file.name)
      for (algorithm, digest) in file.hashes.sorted(by: { $0.key < $1.key }) {
        add(algorithm)
        add(digest)
      }
    }
  }

  /// Each kind has a letter of its own, and what holds others says how many.
  fileprivate mutating func add(_ value: JSONValue) {
    switch value {
    case .null: add("n")
    case .bool(let flag): add(flag ? "t" : "f")
    case .number(let text):
      add("d")
      add(text)
    case .string(let text):
      add("s")
      add(text)
    case .array(let values):
      add("a\(values.count)")
      for element in values { add(element) }
    case .object(let members):
      add("o\(members.count)")
      for member in members {
        add(member.name)
        add(member.value)
      }
    }
  }
}
