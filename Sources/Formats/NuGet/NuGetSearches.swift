import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers searches, from what the repository and its upstream repositories hold.
struct NuGetSearches: Sendable {
  private static let mostResults = 1000

  private let packages: NuGetPackages

  init(packages: NuGetPackages) {
    self.packages = packages
  }

  func search(
    _ request: Request,
    _ addresses: NuGetAddresses,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let query = NuGetQuery(request)
    let found = try await find(query, in: path)
    let shown = Self.page(found, query)
    let hive: NuGetAddresses.Hive = query.readsSemVer2 ? .semVer2 : .semVer1
    return .json(NuGetSearch.render(shown, total: found.count, addresses, hive))
  }

  /// Identifiers that fit `q`, or the versions of the package `id`.
  func autocomplete(
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let query = NuGetQuery(request)
    guard let id = query["id"] else {
      let names = try await find(query, in: path).map(\.name)
      return .json(NuGetSearch.renderNames(Self.page(names, query), total: names.count))
    }
    let merged = try await packages.merged(id, in: path)
    let shown = merged.map { NuGetPackage($0.listing, semVer2: query.readsSemVer2) }
    let versions = (shown?.releases ?? []).filter { release in
      release.isListed && (query.flag("prerelease") || !release.version.isPrerelease)
    }.map(\.version.fullText)
    var reply = Reply.json(NuGetSearch.renderNames(versions, total: versions.count))
    reply.headers.tell(staleness: merged?.staleness)
    return reply
  }

  private func find(
    _ query: NuGetQuery,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [NuGetPackage] {
    let search = NuGetSearch(
      query["q"] ?? "",
      prereleases: query.flag("prerelease"),
      packageType: query["packageType"]
    )
    let all = try await packages.all(semVer2: query.readsSemVer2, in: path)
    return search.order(all.compactMap(search.match))
  }

  private static func page<Item>(_ items: [Item], _ query: NuGetQuery) -> ArraySlice<Item> {
    let skip = query.number("skip", else: 0, upTo: items.count)
    return items.dropFirst(skip).prefix(query.number("take", else: 20, upTo: mostResults))
  }
}

extension Reply {
  fileprivate static func json(_ bytes: [UInt8]) -> Reply {
    Reply(
      .ok,
      headers: [
        .contentType: "application/json", .cacheControl: "private, no-cache",
        .vary: "Authorization",
      ],
      body: .bytes(bytes)
    )
  }
}
