import Exchange

/// The query of a request, by name; the first of two equal names counts.
struct NuGetQuery {
  private var values: [String: String] = [:]

  init(_ request: Request) {
    for (name, value) in request.target.query ?? [] where values[name] == nil {
      values[name] = value
    }
  }

  subscript(name: String) -> String? { values[name] }

  func flag(_ name: String) -> Bool { values[name]?.lowercased() == "true" }

  /// A number from 0 to `limit`; `other` when there is none.
  func number(_ name: String, else other: Int, upTo limit: Int) -> Int {
    min(max(values[name].flatMap { Int($0) } ?? other, 0), limit)
  }

  /// Whether the client can read versions of SemVer 2.0.0.
  var readsSemVer2: Bool { values["semVerLevel"]?.hasPrefix("2.") ?? false }

  /// A text of OData: in quotes, with `+` for spaces where clients write forms.
  func text(_ name: String) -> String? {
    guard let value = values[name]?.replacing("+", with: " ") else { return nil }
    guard value.hasPrefix("'"), value.hasSuffix("'"), value.count >= 2 else { return value }
    return String(value.dropFirst().dropLast().replacing("''", with: "'"))
  }
}
