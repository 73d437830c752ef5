internal import FormatRules

/// What a row keeps of a Python file beyond its bytes: the asset's attributes as a JSON object.
struct ProjectFileAttributes: Hashable, Sendable {
  var requiresPython: String?
  var yank: Yank = .none
  /// BLAKE2b-256 in hexadecimal, of files uploaded here.
  var blake2b256: String?

  init() {}

  /// What an index says of a file.
  init(_ file: SimpleFile) {
    requiresPython = file.requiresPython
    yank = file.yank
  }

  /// Reads what ``json`` wrote; what cannot be read is absent.
  init(json: String) {
    guard let value = try? JSONReader.read(Array(json.utf8)) else { return }
    requiresPython = value["requires-python"]?.string
    blake2b256 = value["blake2b-256"]?.string
    switch value["yanked"] {
    case .bool(true): yank = .yanked(reason: nil)
    case .string(let reason): yank = .yanked(reason: reason)
    default: yank = .none
    }
  }

  /// The attributes in the names that the index's JSON has for them (PEP 691).
  var json: String {
    var members: [JSONValue.Member] = []
    if let requiresPython {
      members.append(JSONValue.Member("requires-python", .string(requiresPython)))
    }
    if case .yanked(let reason) = yank {
      members.append(JSONValue.Member("yanked", reason.map { .string($0) } ?? .bool(true)))
    }
    if let blake2b256 { members.append(JSONValue.Member("blake2b-256", .string(blake2b256))) }
    var writer = JSONWriter()
    writer.value(.object(members))
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
