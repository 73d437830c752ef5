import Bytes
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for the documents that older clients read: the lists of all gems in Marshal, and the
/// dependency API.
///
/// The lists show the gems that the repository and its upstreams hold; a public registry's own are
/// as long as all of it, and every client that is worth its name reads the compact index there.
struct LegacyIndex: Sendable {
  /// How many gems one request may ask for; Bundler asks for a hundred at a time.
  private static let mostNames = 500

  private let depot: Depot
  private let documents: RenderedDocuments
  private let gems: HeldGems

  init(depot: Depot, documents: RenderedDocuments) {
    self.depot = depot
    self.documents = documents
    self.gems = HeldGems(depot: depot)
  }

  func specifications(
    _ selection: LegacyGemIndex.Selection,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let sources = try await gems.sources(of: nil, in: path)
    let key = "ruby \(selection.rawValue) \(path)"
    // Every gem is looked at for a list that has to be written, and for no other.
    if let known = documents.known(key: key, stamp: sources.stamp) {
      return await reply(to: request, key, sources.stamp) { known }
    }
    let listings = try await gems.listings(of: sources.packages, in: path)
    return await reply(to: request, key, sources.stamp) {
      LegacyGemIndex.render(listings.flatMap { LegacyGemIndex.entries($0, selection) })
    }
  }

  private func reply(
    to request: Request,
    _ key: String,
    _ stamp: SHA256Digest,
    _ render: @escaping @Sendable () -> [UInt8]
  ) async -> Reply {
    await documents.reply(
      to: request,
      key: key,
      stamp: stamp,
      contentType: "application/octet-stream",
      render: render
    )
  }

  func dependencies(
    _ request: Request,
    isJSON: Bool,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let query = request.target.query ?? []
    let names = query.filter { $0.name == "gems" }.flatMap { $0.value.split(separator: ",") }
      .map(String.init).filter(GemName.isValid)
    guard names.count <= Self.mostNames else {
      return .text(
        .unprocessableContent,
        "At most \(Self.mostNames) gems can be asked for at a time."
      )
    }
    var listings: [PackageListing] = []
    var staleness: Duration?
    for name in names {
      guard let package = try await depot.package(RubyFormat.coordinates(name), in: path) else {
        continue
      }
      listings.append(package.listing)
      staleness = [staleness, package.staleness].compactMap(\.self).max()
    }
    // Without names, clients only want to know whether this is here.
    let bytes =
      isJSON
      ? LegacyGemIndex.dependenciesJSON(of: listings)
      : names.isEmpty ? [] : LegacyGemIndex.dependencies(of: listings)
    var headers: HTTPFields = [
      .contentType: isJSON ? "application/json" : "application/octet-stream",
      .cacheControl: "private, max-age=0, must-revalidate", .vary: "Authorization",
    ]
    headers.tell(staleness: staleness)
    return Reply(.ok, headers: headers, body: .bytes(bytes))
  }
}
