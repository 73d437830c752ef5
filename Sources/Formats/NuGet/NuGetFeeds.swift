import Bytes
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers clients of the old protocol (NuGet V2).
struct NuGetFeeds: Sendable {
  private static let pageSize = 100

  private let packages: NuGetPackages

  init(packages: NuGetPackages) {
    self.packages = packages
  }

  /// Answers for a resource, by the segments behind the feed's root: one empty one for the root
  /// itself.
  func feed(
    _ resource: [String],
    _ request: Request,
    _ addresses: NuGetAddresses,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let isBelow = request.target.rawPath.dropFirst().contains("/api/v2")
    let feed = NuGetFeed(addresses, at: addresses.root + (isBelow ? "/api/v2" : ""))
    let query = NuGetQuery(request)
    let name = resource[0]
    switch name {
    case "": return .atom(feed.renderService(), "application/xml; charset=utf-8")
    case "$metadata": return .atom(NuGetFeed.metadata, "application/xml; charset=utf-8")
    default: break
    }
    let countsOnly = resource.count == 2 && resource[1] == "$count"
    guard resource.count == 1 || countsOnly, let call = NuGetFeedCall(name) else {
      return .absent("resource \(name)", path)
    }
    if case .entry(let id, let version) = call {
      return try await entry(id, version, feed, in: path)
    }
    let (found, staleness) = try await entries(of: call, query, in: path)
    if countsOnly { return .atom(Array(String(found.count).utf8), "text/plain; charset=utf-8") }
    var reply = Self.page(found, of: name, feed, query, request)
    reply.headers.tell(staleness: staleness)
    return reply
  }

  private func entry(
    _ id: String,
    _ version: String,
    _ feed: NuGetFeed,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let number = NuGetVersion(version)
    guard let merged = try await packages.merged(id, with: number, in: path),
      case let package = NuGetPackage(merged.listing),
      let release = number.flatMap(package.release)
    else { return .absent("\(id) \(version)", path) }
    var reply = Reply.atom(
      feed.render(NuGetFeed.Entry(package, release)),
      "application/atom+xml;type=entry;charset=utf-8"
    )
    reply.headers.tell(staleness: merged.staleness)
    return reply
  }

  private func entries(
    of call: NuGetFeedCall,
    _ query: NuGetQuery,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> (entries: [NuGetFeed.Entry], staleness: Duration?) {
    let semVer2 = query.readsSemVer2
    var found: [NuGetPackage]
    var staleness: Duration?
    switch call {
    case .package:
      let merged = try await packages.merged(query.text("id") ?? "", in: path)
      found = merged.map { [NuGetPackage($0.listing, semVer2: semVer2)] } ?? []
      staleness = merged?.staleness
    case .search:
      let search = NuGetSearch(
        query.text("searchTerm") ?? "",
        prereleases: query.flag("includePrerelease")
      )
      let all = try await packages.all(semVer2: semVer2, in: path)
      found = search.order(all.compactMap(search.match))
    case .all, .entry:
      found = try await packages.all(semVer2: semVer2, in: path)
    }
    let entries = found.flatMap { package in
      package.releases.map { NuGetFeed.Entry(package, $0) }
    }
    return (try Self.ordered(Self.filtered(entries, query), query), staleness)
  }

  private static func filtered(
    _ entries: [NuGetFeed.Entry],
    _ query: NuGetQuery
  ) throws(RepositoryError) -> [NuGetFeed.Entry] {
    guard let text = query["$filter"]?.replacing("+", with: " "), !text.isEmpty else {
      return entries
    }
    do throws(MalformedInput) {
      let filter = try NuGetFeedFilter(text)
      return entries.filter(filter.matches)
    } catch {
      throw RepositoryError(.validation, "The query's $filter cannot be used: \(error.reason).")
    }
  }

  /// By identifier and version, whatever else is asked for, except that versions may be wanted
  /// from the highest down.
  private static func ordered(
    _ entries: [NuGetFeed.Entry],
    _ query: NuGetQuery
  ) -> [NuGetFeed.Entry] {
    let order = query["$orderby"]?.replacing("+", with: " ").lowercased() ?? ""
    return order.hasPrefix("version desc") ? entries.reversed() : entries
  }

  private static func page(
    _ found: [NuGetFeed.Entry],
    of name: String,
    _ feed: NuGetFeed,
    _ query: NuGetQuery,
    _ request: Request
  ) -> Reply {
    let skip = query.number("$skip", else: 0, upTo: found.count)
    let top = query.number("$top", else: pageSize, upTo: pageSize)
    let shown = found.dropFirst(skip).prefix(top)
    let wanted = query.number("$top", else: found.count, upTo: found.count)
    let isMore = shown.count < min(wanted, found.count - skip)
    let title = name.split(separator: "(").first.map(String.init) ?? name
    let latest = found.compactMap(\.release.publishedAt).max()
    return .atom(
      feed.render(
        shown,
        title: title,
        count: query["$inlinecount"] == "allpages" ? found.count : nil,
        next: isMore
          ? next(request, skip: skip + shown.count, top: wanted - shown.count, query) : nil,
        updatedAt: latest ?? UploadTime(microseconds: 0)
      ),
      "application/atom+xml;type=feed;charset=utf-8"
    )
  }

  /// The request's own address, from where this page ends.
  private static func next(
    _ request: Request,
    skip: Int,
    top: Int,
    _ query: NuGetQuery
  ) -> String {
    let others = request.target.rawQuery.split(separator: "&").filter { pair in
      let name = PercentEncoding.decode(pair.prefix { $0 != "=" }) ?? ""
      return name != "$skip" && name != "$top"
    }
    let more = query["$top"] == nil ? ["$skip=\(skip)"] : ["$skip=\(skip)", "$top=\(top)"]
    let text = (others.map(String.init) + more).joined(separator: "&")
    return "\(request.base)\(request.target.rawPath)?\(text)"
  }
}

/// What a resource of the feed gives: `Search()`, `FindPackagesById()`, `Packages(…)`.
enum NuGetFeedCall {
  case all
  case search
  case package
  case entry(id: String, version: String)

  init?(_ name: String) {
    switch name {
    case "Packages", "Packages()": self = .all
    case "Search", "Search()": self = .search
    case "FindPackagesById", "FindPackagesById()": self = .package
    default:
      let (start, end) = ("Packages(", ")")
      guard name.hasPrefix(start), name.hasSuffix(end) else { return nil }
      var values: [String: String] = [:]
      for pair in name.dropFirst(start.count).dropLast().split(separator: ",") {
        let sides = pair.split(separator: "=", maxSplits: 1)
        guard sides.count == 2, sides[1].hasPrefix("'"), sides[1].hasSuffix("'") else { return nil }
        values[String(sides[0].filter { $0 != " " })] = String(sides[1].dropFirst().dropLast())
      }
      guard let id = values["Id"], let version = values["Version"] else { return nil }
      self = .entry(id: id, version: version)
    }
  }
}

extension Reply {
  fileprivate static func atom(_ bytes: [UInt8], _ type: String) -> Reply {
    var headers: HTTPFields = [
      .contentType: type, .cacheControl: "private, no-cache", .vary: "Authorization",
    ]
    if let name = HTTPField.Name("DataServiceVersion") { headers[name] = "2.0;" }
    return Reply(.ok, headers: headers, body: .bytes(bytes))
  }
}
