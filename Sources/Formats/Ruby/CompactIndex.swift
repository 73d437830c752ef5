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
  private let orders: GemOrders

  init(depot: Depot, documents: RenderedDocuments) {
    self.depot = depot
    self.documents = documents
    self.gems = HeldGems(depot: depot)
    self.orders = GemOrders(depot: depot)
  }

  func info(
    _ name: String,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let package = try await depot.package(RubyFormat.coordinates(name), in: path) else {
      return .text(.notFound, "Repository \(path.repository) knows no gem \(name).")
    }
    let (listing, key) = (package.listing, "ruby info \(path) \(name)")
    let bytes = await documents.bytes(key: key, stamp: package.stamp) { GemListing.info(listing) }
    return await reply(bytes, key, package.stamp, request, package.staleness)
  }

  /// What happened to all gems.
  ///
  /// Gems that the public registry has, too, are told of in its own words, except those that come
  /// from the domain alone. Lines stand in the order in which they were first shown; behind them
  /// all, versions are taken back that cool-downs do not show, so that clients find the gem's file
  /// to be what they are told here.
  func versions(_ request: Request, in path: RepositoryPath) async throws(RepositoryError) -> Reply
  {
    let sources = try await gems.sources(of: "versions", in: path)
    let cooled = try await gems.cooled(sources, in: path)
    let stamp = HeldGems.stamp(of: sources, cooled)
    let key = "ruby versions \(path)"
    if let known = documents.known(key: key, stamp: stamp) {
      return await reply(known, key, stamp, request, sources.registry?.staleness)
    }
    let other = try await contents(of: sources.registry)
    let names = Set(sources.packages.map(\.coordinates.name))
    let closed = Self.closed(GemHistory.names(in: other), sources.outside)
    let mentioned = GemHistory.mentioned(in: other, of: names).subtracting(closed)
    let own = sources.packages.filter { $0.isInternal || !mentioned.contains($0.coordinates.name) }
    let listings = try await gems.listings(of: own, in: path)
    let ours = Set(own.map(\.coordinates.name))
    let corrections = cooled.filter { !ours.contains($0.listing.name) }.map {
      GemHistory.correction(of: $0.listing, without: $0.heldBack)
    }
    let bytes = await documents.bytes(key: key, stamp: stamp) { [orders] in
      let histories = listings.map(GemHistory.init(of:))
      guard !other.isEmpty else { return GemHistory.render(histories) }
      let newest = GemHistory.newest(histories)
      let order = await orders.order(of: path, showing: other, newest: newest)
      return GemHistory.join(histories, with: other, without: closed.union(ours), in: order)
        + Array(corrections.joined().utf8)
    }
    return await reply(bytes, key, stamp, request, sources.registry?.staleness)
  }

  func names(_ request: Request, in path: RepositoryPath) async throws(RepositoryError) -> Reply {
    let sources = try await gems.sources(of: "names", in: path)
    let key = "ruby names \(path)"
    if let known = documents.known(key: key, stamp: sources.stamp) {
      return await reply(known, key, sources.stamp, request, sources.registry?.staleness)
    }
    let other = try await contents(of: sources.registry)
    let listed = other.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
      .filter { $0 != "---" }
    let closed = Self.closed(Set(listed), sources.outside)
    let held = try await gems.listings(
      of: sources.packages.filter {
        $0.isInternal || sources.registry == nil || closed.contains($0.coordinates.name)
      },
      in: path
    ).filter { $0.versions.contains(where: \.isListed) }.map(\.name)
    let bytes = await documents.bytes(key: key, stamp: sources.stamp) {
      let names = Set(listed).subtracting(closed).union(held).sorted {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      }
      return Array(("---\n" + names.map { $0 + "\n" }.joined()).utf8)
    }
    return await reply(bytes, key, sources.stamp, request, sources.registry?.staleness)
  }

  /// Those of a registry's gems that package groups let nobody get.
  ///
  /// - Complexity: O(n) in the number of gems where any group keeps any out, none elsewhere.
  private static func closed(_ gems: Set<String>, _ outside: OutsideNames) -> Set<String> {
    outside.areAll ? [] : gems.filter { !outside.contain(RubyFormat.coordinates($0)) }
  }

  /// The sums are a document beside the document: made once a change, and not for each request.
  private func reply(
    _ bytes: [UInt8],
    _ key: String,
    _ stamp: SHA256Digest,
    _ request: Request,
    _ staleness: Duration?
  ) async -> Reply {
    let sums = await documents.bytes(key: key + " sums", stamp: stamp) {
      CompactReply.sums(of: bytes)
    }
    return CompactReply.make(bytes, sums, for: request, staleness: staleness)
  }

  private func contents(of document: KeptDocument?) async throws(RepositoryError) -> [UInt8] {
    guard let document else { return [] }
    return try await depot.contents(of: document.key) ?? []
  }
}
