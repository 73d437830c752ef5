import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for the compact index: `versions`, `names`, and `info/` of each gem.
struct CompactIndex: Sendable {
  private let depot: Depot
  private let documents: RenderedDocuments
  private let gems: HeldGems

  init(depot: Depot, documents: RenderedDocuments) {
    self.depot = depot
    self.documents = documents
    self.gems = HeldGems(depot: depot)
  }

  func info(
    _ name: String,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let package = try await depot.package(RubyFormat.coordinates(name), in: path) else {
      return .text(.notFound, "Repository \(path.repository) knows no gem \(name).")
    }
    let listing = package.listing
    let bytes = await documents.bytes(key: "ruby info \(path) \(name)", stamp: package.stamp) {
      GemListing.info(listing)
    }
    return CompactReply.make(bytes, for: request, staleness: package.staleness)
  }

  /// What happened to all gems.
  ///
  /// Gems that the public registry has, too, are told of in its own words, except those that come
  /// from the domain alone.
  func versions(_ request: Request, in path: RepositoryPath) async throws(RepositoryError) -> Reply
  {
    let sources = try await gems.sources(of: "versions", in: path)
    let known = documents.known(key: "ruby versions \(path)", stamp: sources.stamp)
    if let known {
      return CompactReply.make(known, for: request, staleness: sources.registry?.staleness)
    }
    let other = try await contents(of: sources.registry)
    let names = Set(sources.packages.map(\.coordinates.name))
    let mentioned = GemHistory.mentioned(in: other, of: names)
    let own = sources.packages.filter { $0.isInternal || !mentioned.contains($0.coordinates.name) }
    let listings = try await gems.listings(of: own, in: path)
    let bytes = await documents.bytes(key: "ruby versions \(path)", stamp: sources.stamp) {
      GemHistory.join(
        GemHistory.render(listings.map(GemHistory.init(of:))),
        with: other,
        without: Set(own.map(\.coordinates.name))
      )
    }
    return CompactReply.make(bytes, for: request, staleness: sources.registry?.staleness)
  }

  func names(_ request: Request, in path: RepositoryPath) async throws(RepositoryError) -> Reply {
    let sources = try await gems.sources(of: "names", in: path)
    let other = try await contents(of: sources.registry)
    let held = try await gems.listings(
      of: sources.packages.filter { $0.isInternal || sources.registry == nil },
      in: path
    ).filter { $0.versions.contains(where: \.isListed) }.map(\.name)
    let bytes = await documents.bytes(key: "ruby names \(path)", stamp: sources.stamp) {
      let listed = other.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
        .filter { $0 != "---" }
      let names = Set(listed).union(held).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      return Array(("---\n" + names.map { $0 + "\n" }.joined()).utf8)
    }
    return CompactReply.make(bytes, for: request, staleness: sources.registry?.staleness)
  }

  private func contents(of document: KeptDocument?) async throws(RepositoryError) -> [UInt8] {
    guard let document else { return [] }
    return try await depot.contents(of: document.key) ?? []
  }
}
