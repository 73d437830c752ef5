import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers `cargo owner`.
struct CrateOwners: Sendable {
  /// How long a request's list of names may be, in bytes, and how many it may have.
  private static let longestBody = 64 << 10
  private static let mostNames = 100
  private static let longestName = 200

  let depot: Depot
  let names: CrateSpellings

  func respond(
    to request: Request,
    about name: CrateName,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    guard request.method != .get else { return try await list(name, for: caller) }
    let isAddition = request.method == .put
    let coordinates = CrateSpellings.coordinates(name)
    try await caller.requirePublishing(of: coordinates)
    let people = try await Self.people(in: request)
    let changed = try await depot.amendPackage(coordinates, in: caller.path) { attributes in
      var list = OwnerList(attributes)
      if isAddition { list.add(people) } else { list.remove(people) }
      return list.written(into: attributes)
    }
    guard changed != nil else { return Self.absent(name, caller.path) }
    return CargoReply.ok(
      "\(people.joined(separator: ", ")) \(isAddition ? "added to" : "removed from") the owners of "
        + "\(name.spelling); who may publish is decided by the domain's permissions"
    )
  }

  private func list(
    _ name: CrateName,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    try await caller.requireReading()
    guard let package = try await names.package(name, in: caller.path) else {
      return Self.absent(name, caller.path)
    }
    let owners = OwnerList(package.listing.attributes).names
    return CargoReply.success { writer in
      writer.name("users")
      writer.beginArray()
      for (index, owner) in owners.enumerated() {
        writer.beginObject()
        writer.name("id")
        writer.number(index + 1)
        writer.name("login")
        writer.string(owner)
        writer.name("name")
        writer.null()
        writer.endObject()
      }
      writer.endArray()
    }
  }

  private static func absent(_ name: CrateName, _ path: RepositoryPath) -> Reply {
    CargoReply.failure(
      .notFound,
      "Repository \(path.repository) has no crate \(name.spelling)."
    )
  }

  private static func people(in request: Request) async throws(RepositoryError) -> [String] {
    let names: [JSONValue]?
    do {
      let bytes = try await request.body.collect(upTo: longestBody)
      let value = try JSONReader.read(bytes)
      names = value["users"]?.array ?? value["owners"]?.array
    } catch {
      throw UploadFailure.meaning(of: error, subject: "The list of owners")
    }
    let people = (names ?? []).compactMap(\.string)
    let isUsable =
      !people.isEmpty && people.count <= mostNames && people.count == names?.count
      && people.allSatisfy { name in
        1...longestName ~= name.utf8.count && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
      }
    guard isUsable else { throw .refusedUpload("`users` has to be a list of names.") }
    return people
  }
}
