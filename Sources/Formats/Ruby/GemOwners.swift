import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers `gem owner`.
struct GemOwners: Sendable {
  private static let longestName = 200

  let depot: Depot

  func respond(
    to request: Request,
    about name: String,
    isJSON: Bool,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    guard request.method != .get else { return try await list(name, isJSON: isJSON, for: caller) }
    let coordinates = RubyFormat.coordinates(name)
    try await caller.requirePublishing(of: coordinates)
    let isAddition = request.method == .post
    let form = try await FormFields.read(request)
    guard let person = form["email"], 1...Self.longestName ~= person.utf8.count,
      person.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { throw .refusedUpload("The field `email` has to name a person.") }
    let changed = try await depot.amendPackage(coordinates, in: caller.path) { attributes in
      var list = OwnerList(attributes)
      if isAddition { list.add([person]) } else { list.remove([person]) }
      return list.written(into: attributes)
    }
    guard changed != nil else { return Self.absent(name, caller) }
    return .text(.ok, isAddition ? "Owner added successfully." : "Owner removed successfully.")
  }

  private func list(
    _ name: String,
    isJSON: Bool,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply {
    try await caller.requireReading()
    guard let package = try await depot.package(RubyFormat.coordinates(name), in: caller.path)
    else { return Self.absent(name, caller) }
    let owners = OwnerList(package.listing.attributes).names
    var writer = JSONWriter()
    // JSON in flow style is YAML too; each owner on a line of its own is what gem expects.
    let values = owners.enumerated().map { index, owner in
      JSONValue.object([
        .init("id", .number(String(index + 1))), .init("handle", .string(owner)),
        .init("email", .string(owner)),
      ])
    }
    writer.value(.array(values))
    guard !isJSON else {
      return Reply(.ok, headers: [.contentType: "application/json"], body: .bytes(writer.bytes))
    }
    return Reply(
      .ok,
      headers: [.contentType: "application/x-yaml"],
      body: .bytes(Self.yaml(owners))
    )
  }

  /// Names are written as double-quoted texts, whose escapes are those of JSON.
  private static func yaml(_ owners: [String]) -> [UInt8] {
    guard !owners.isEmpty else { return Array("--- []\n".utf8) }
    var text = "---\n"
    for (index, owner) in owners.enumerated() {
      var quoted = JSONWriter()
      quoted.string(owner)
      let name = String(decoding: quoted.bytes, as: UTF8.self)
      text += "- id: \(index + 1)\n  handle: \(name)\n  email: \(name)\n"
    }
    return Array(text.utf8)
  }

  private static func absent(_ name: String, _ caller: Caller) -> Reply {
    .text(.notFound, "Repository \(caller.path.repository) itself holds no gem \(name).")
  }
}
