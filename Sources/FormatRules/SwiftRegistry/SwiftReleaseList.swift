/// The releases of a package as a repository shows them: those whose versions are versions, the
/// highest first.
package struct SwiftReleaseList: Sendable {
  package struct Item: Sendable {
    package let version: SwiftVersion
    package let listed: ListedVersion
  }

  package let items: [Item]

  package init(_ listing: PackageListing) {
    items = listing.versions.compactMap { listed in
      SwiftVersion(listed.version).map { Item(version: $0, listed: listed) }
    }.sorted { $0.version > $1.version }
  }

  /// The release a newcomer should have: the highest that is listed, a finished one if there is
  /// any.
  package var latest: Item? {
    let listed = items.filter(\.listed.isListed)
    return listed.first { !$0.version.isPrerelease } ?? listed.first
  }

  package func item(_ version: String) -> Item? {
    items.first { $0.version.text.utf8.elementsEqual(version.utf8) }
  }

  /// The listed releases on either side of one.
  package func neighbours(of version: SwiftVersion) -> (predecessor: Item?, successor: Item?) {
    let listed = items.filter(\.listed.isListed)
    return (
      listed.first { $0.version < version },
      listed.last { $0.version > version }
    )
  }

  /// Renders the answer to "list package releases" (SE-0292, section 4.1).
  ///
  /// What is unlisted has a problem, for which SwiftPM passes over it; it can still be fetched by
  /// those who have it in their `Package.resolved`.
  ///
  /// `address` tells where a release is, by its version.
  package func render(address: (String) -> String) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("releases")
    writer.beginObject()
    for item in items {
      writer.name(item.version.text)
      writer.beginObject()
      writer.name("url")
      writer.string(address(item.version.text))
      if !item.listed.isListed { Self.writeProblem(&writer) }
      writer.endObject()
    }
    writer.endObject()
    writer.endObject()
    return writer.bytes
  }

  private static func writeProblem(_ writer: inout JSONWriter) {
    writer.name("problem")
    writer.beginObject()
    writer.name("status")
    writer.number(410)
    writer.name("title")
    writer.string("Gone")
    writer.name("detail")
    writer.string("This release was unlisted.")
    writer.endObject()
  }
}
