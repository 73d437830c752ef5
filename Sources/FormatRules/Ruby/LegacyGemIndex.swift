internal import Codec

/// The documents that clients read which know nothing of the compact index, or not enough
/// (RubyGems guides, "RubyGems.org API", and `lib/rubygems/indexer.rb`).
package enum LegacyGemIndex {
  /// Which versions an index lists.
  package enum Selection: String, CaseIterable, Sendable {
    case released = "specs.4.8.gz"
    case latest = "latest_specs.4.8.gz"
    case prerelease = "prerelease_specs.4.8.gz"
  }

  /// A gem as an index lists it.
  package struct Entry: Sendable {
    package let identity: GemIdentity
    let version: GemVersion
  }

  /// The gems of a listing that a selection has.
  package static func entries(_ listing: PackageListing, _ selection: Selection) -> [Entry] {
    let all = listing.versions.filter(\.isListed).compactMap { version -> Entry? in
      guard let identity = GemIdentity(name: listing.name, version: version.version),
        let number = GemVersion(identity.number)
      else { return nil }
      return Entry(identity: identity, version: number)
    }.sorted { $0.version < $1.version }
    let wanted = all.filter { $0.version.isPrerelease == (selection == .prerelease) }
    guard selection == .latest else { return wanted }
    let newest = Dictionary(wanted.map { ($0.identity.platform, $0) }) { $1 }
    return newest.values.sorted { $0.identity.platform < $1.identity.platform }
  }

  /// Writes an index: gzip of Marshal of `[name, version, platform]` for each.
  package static func render(_ entries: [Entry]) -> [UInt8] {
    var writer = MarshalWriter()
    writer.array(entries) { out, entry in
      out.beginArray(3)
      out.string(entry.identity.name)
      out.version(entry.identity.number)
      out.string(entry.identity.platform)
    }
    return DeflateCompressor.compress(writer.bytes.span, as: .gzip)
  }

  /// Writes a specification for `quick/Marshal.4.8/`; nil for a gem of another registry, whose
  /// own document has to be passed on.
  package static func specification(
    of identity: GemIdentity,
    _ version: ListedVersion
  ) -> [UInt8]? {
    GemSpecification(identity, version.metadata).map {
      DeflateCompressor.compress($0.marshalled.span, as: .zlib)
    }
  }

  /// Writes the answer of the dependency API in Marshal.
  package static func dependencies(of listings: [PackageListing]) -> [UInt8] {
    var writer = MarshalWriter()
    writer.array(listings.flatMap(dependencyEntries)) { out, entry in
      out.beginHash(4)
      for (name, text) in [
        ("name", entry.identity.name), ("number", entry.identity.number),
        ("platform", entry.identity.platform),
      ] {
        out.symbol(name)
        out.string(text)
      }
      out.symbol("dependencies")
      out.array(entry.dependencies) { out, dependency in
        out.beginArray(2)
        out.string(dependency.name)
        out.string(dependency.requirement.texts.joined(separator: ", "))
      }
    }
    return writer.bytes
  }

  /// Writes the answer of the dependency API in JSON.
  package static func dependenciesJSON(of listings: [PackageListing]) -> [UInt8] {
    let entries = listings.flatMap(dependencyEntries).map { entry in
      JSONValue.object([
        .init("name", .string(entry.identity.name)),
        .init("number", .string(entry.identity.number)),
        .init("platform", .string(entry.identity.platform)),
        .init(
          "dependencies",
          .array(
            entry.dependencies.map { dependency in
              .array([
                .string(dependency.name),
                .string(dependency.requirement.texts.joined(separator: ", ")),
              ])
            }
          )
        ),
      ])
    }
    var writer = JSONWriter()
    writer.value(.array(entries))
    return writer.bytes
  }

  private static func dependencyEntries(
    _ listing: PackageListing
  ) -> [(identity: GemIdentity, dependencies: [GemDependency])] {
    GemListing.inOrder(listing).filter(\.isListed).compactMap { version in
      guard let identity = GemIdentity(name: listing.name, version: version.version) else {
        return nil
      }
      let needs = (version.metadata["dependencies"]?.array ?? []).compactMap { GemDependency($0) }
      return (identity, needs)
    }
  }
}
