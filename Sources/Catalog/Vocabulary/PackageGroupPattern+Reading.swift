/// Why a text is no pattern of a package group, for the person who wrote it.
package struct PatternFault: Error, Hashable {
  package let reason: String

  fileprivate init(_ reason: String) {
    self.reason = reason
  }
}

extension PackageGroupPattern {
  /// Reads a pattern.
  ///
  /// - Throws: ``PatternFault`` for a text that is none, or that could match no package.
  package init(reading text: String) throws(PatternFault) {
    var stem = Array(text.unicodeScalars)
    guard let last = stem.popLast(), let ending = Ending(rawValue: Character(last)) else {
      throw PatternFault("It must end with '$' (one name), '~' (words) or '*' (anything).")
    }
    guard stem.first == "/" else { throw PatternFault("It must begin with '/'.") }
    self.init(stem: stem, ending: ending)
    guard self != .root else { return }
    if let odd = stem.first(where: { $0 == "*" || $0 == "$" || $0 == "~" || $0 == "#" }) {
      throw PatternFault(
        odd == "#"
          ? "'#' is in no package's name." : "'\(odd)' may stand at the end only."
      )
    }
    try checkEnding()
    let parts = stem.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
      .map { String(String.UnicodeScalarView($0)) }
    try checkParts(parts)
  }

  private func checkEnding() throws(PatternFault) {
    guard let last = stem.last else { return }
    switch ending {
    case .everything where last.continuesWord:
      throw PatternFault(
        "'*' stands after a '/' or another character that is no part of a word; after a word, "
          + "write '~'."
      )
    case .words where !last.continuesWord:
      throw PatternFault("'~' stands after a letter or a digit; after '\(last)', write '*'.")
    case .exact where last == "/":
      throw PatternFault("'$' stands after the name of a package.")
    default: break
    }
  }

  /// Checks what stands between the slashes: format, namespace, name.
  private func checkParts(_ parts: [String]) throws(PatternFault) {
    guard let word = parts.first, let format = PackageFormat(rawValue: word) else {
      let words = PackageFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw PatternFault("'\(parts.first ?? "")' is no package format; there are \(words).")
    }
    guard parts.count > 1 else {
      throw PatternFault("A '/' must follow the format; '/\(word)/*' is for all of it.")
    }
    guard parts.count <= 3 else {
      throw PatternFault("It has more parts than format, namespace and name.")
    }
    if parts.count == 2 {
      if ending == .exact {
        throw PatternFault("'$' ends a whole name, and this one has no part for the name.")
      }
      if !parts[1].isEmpty { try Self.check(namespace: parts[1], of: format) }
    } else {
      try Self.check(namespace: parts[1], of: format)
    }
    for part in parts.dropFirst() where !format.hasNormalized(part) {
      throw PatternFault(
        "'\(part)' is not as \(format.rawValue) packages are stored: \(format.normalization)."
      )
    }
  }

  private static func check(
    namespace: String,
    of format: PackageFormat
  ) throws(PatternFault) {
    switch format {
    case .cargo, .nuget, .pypi, .ruby:
      guard namespace.isEmpty else {
        throw PatternFault(
          "Packages of format \(format.rawValue) have no namespace; leave it empty, as in "
            + "'/\(format.rawValue)//name$'."
        )
      }
    case .generic, .maven, .swift:
      guard !namespace.isEmpty else {
        throw PatternFault("Packages of format \(format.rawValue) have a namespace; name it.")
      }
    case .npm: break
    }
  }
}

extension PackageFormat {
  /// Whether a name, or the beginning of one, is spelled as packages of this format are stored.
  fileprivate func hasNormalized(_ part: String) -> Bool {
    switch self {
    case .nuget, .swift: part.utf8.elementsEqual(part.lowercased().utf8)
    case .pypi:
      part.utf8.elementsEqual(part.lowercased().utf8) && !part.utf8.contains(UInt8(ascii: "_"))
        && !part.utf8.contains(UInt8(ascii: ".")) && !part.contains("--")
    case .cargo, .generic, .maven, .npm, .ruby: true
    }
  }

  fileprivate var normalization: String {
    self == .pypi
      ? "in lowercase, with one '-' for every run of '-', '_' and '.'" : "in lowercase"
  }
}
