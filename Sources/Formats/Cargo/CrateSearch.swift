import Catalog
import Exchange
import FormatRules
import Repository

/// Answers `cargo search` from the crates that the repository and its upstreams hold: what is asked
/// here is asked of nobody outside.
struct CrateSearch: Sendable {
  private static let mostNames = 100_000
  private static let mostResults = 100
  private static let usualResults = 10

  let depot: Depot

  func results(
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let query = request.target.query ?? []
    let value: (String) -> String? = { name in query.last { $0.name == name }?.value }
    let wanted = Self.plain(value("q")?.replacing("+", with: " ") ?? "")
    let count = value("per_page").flatMap { Int($0) } ?? Self.usualResults
    let page = max(1, value("page").flatMap { Int($0) } ?? 1)
    let size = min(max(1, count), Self.mostResults)
    let names = try await matches(wanted, in: path)
    // A page number that is a number but means nothing is an empty page.
    let start = (page - 1).multipliedReportingOverflow(by: size)
    let shown = start.overflow ? [] : names.dropFirst(start.partialValue).prefix(size)
    var found: [JSONValue] = []
    for name in shown {
      guard let package = try await depot.keptPackage(name, in: path) else { continue }
      found.append(Self.summary(of: package.listing))
    }
    let (crates, total) = (found, names.count)
    return CargoReply.success { writer in
      writer.name("crates")
      writer.value(.array(crates))
      writer.name("meta")
      writer.value(.object([.init("total", .number(String(total)))]))
    }
  }

  /// Names that have every word, those that are or begin with it first.
  private func matches(
    _ wanted: String,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [PackageCoordinates] {
    let words = wanted.split(separator: " ")
    let names = try await depot.packageNames(.cargo, in: path, prefix: "", limit: Self.mostNames)
    let ranked = names.compactMap { name -> (rank: Int, name: PackageCoordinates)? in
      let text = Self.plain(name.name)
      guard words.allSatisfy({ text.contains($0) }) else { return nil }
      return (text == wanted ? 0 : text.hasPrefix(words.first ?? "") ? 1 : 2, name)
    }
    return ranked.sorted { ($0.rank, $0.name.name) < ($1.rank, $1.name.name) }.map(\.name)
  }

  /// Case, `-` and `_` do not count.
  private static func plain(_ text: String) -> String {
    String(decoding: text.utf8.map { $0 == 0x5F ? 0x2D : $0.lowercased }, as: UTF8.self)
  }

  private static func summary(of listing: PackageListing) -> JSONValue {
    let versions = listing.versions.compactMap { version in
      CrateVersion(version.version).map { (order: $0, listed: version) }
    }
    let shown = versions.filter(\.listed.isListed)
    let newest =
      shown.filter { !$0.order.isPrerelease }.max { $0.order < $1.order }
      ?? (shown.isEmpty ? versions : shown).max { $0.order < $1.order }
    let about = newest?.listed.metadata[CrateIndexFile.aboutMember]
    return .object([
      .init("name", .string(listing.name)),
      .init("max_version", .string(newest?.order.spelling ?? "0.0.0")),
      .init("description", about?["description"] ?? .null),
    ])
  }
}
