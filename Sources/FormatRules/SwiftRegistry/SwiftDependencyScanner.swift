/// Finds the dependencies that a manifest declares, by its text.
///
/// A manifest is a program, and running a stranger's program to read it is out of the question.
///
/// What is found are the calls `.package(id: "…", …)` and `.package(url: "…", …)` with literal
/// arguments, which is how manifests are written; what a manifest computes stays unknown.
package struct SwiftDependencyScanner {
  package struct Dependency: Hashable, Sendable {
    /// `scope.name`, or an address in version control.
    package let target: String
    /// The rest of the arguments as written: `from: "1.0.0"`.
    package let requirement: String

    /// The dependency as the control API lists it.
    package var json: JSONValue {
      let parts = target.split(separator: ".", omittingEmptySubsequences: false)
      var members: [JSONValue.Member] = []
      if parts.count == 2,
        let identity = SwiftPackageIdentity(scope: String(parts[0]), name: String(parts[1]))
      {
        members.append(JSONValue.Member("namespace", .string(identity.normalizedScope)))
        members.append(JSONValue.Member("package", .string(identity.normalizedName)))
      } else {
        members.append(JSONValue.Member("package", .string(target)))
      }
      members.append(JSONValue.Member("versionRequirement", .string(requirement)))
      return .object(members)
    }
  }

  private enum Token: Hashable {
    case word(String)
    case text(String)
    case mark(UInt8)
  }

  private static let most = 500

  /// Returns the dependencies in the order in which they stand, each once.
  /// - Complexity: O(n) in the number of bytes.
  package static func dependencies(in manifest: [UInt8]) -> [Dependency] {
    var tokens = tokens(of: manifest)[...]
    var found: [Dependency] = []
    while tokens.count >= 3, found.count < most {
      guard tokens.starts(with: [.mark(0x2E), .word("package"), .mark(0x28)]) else {
        tokens.removeFirst()
        continue
      }
      tokens = tokens.dropFirst(3)
      let arguments = arguments(&tokens)
      if let dependency = dependency(arguments), !found.contains(dependency) {
        found.append(dependency)
      }
    }
    return found
  }

  /// The tokens up to the parenthesis that closes the call.
  private static func arguments(_ tokens: inout ArraySlice<Token>) -> [Token] {
    var arguments: [Token] = []
    var depth = 1
    while let token = tokens.popFirst() {
      if token == .mark(0x28) { depth += 1 }
      if token == .mark(0x29) { depth -= 1 }
      guard depth > 0 else { break }
      arguments.append(token)
    }
    return arguments
  }

  /// The first of the arguments may be the old `name:`, which says nothing.
  private static func dependency(_ arguments: [Token]) -> Dependency? {
    var rest = arguments[...]
    if rest.starts(with: [.word("name"), .mark(0x3A)]) {
      rest = rest.drop { $0 != .mark(0x2C) }.dropFirst()
    }
    guard rest.count >= 3, case .word(let label) = rest.removeFirst(),
      label == "id" || label == "url", rest.removeFirst() == .mark(0x3A),
      case .text(let target) = rest.removeFirst()
    else { return nil }
    if rest.first == .mark(0x2C) { rest.removeFirst() }
    return Dependency(target: target, requirement: spell(rest))
  }

  private static func spell(_ tokens: ArraySlice<Token>) -> String {
    var text = ""
    for token in tokens {
      switch token {
      case .word(let word): text += word
      case .text(let literal): text += "\"\(literal)\""
      case .mark(let byte):
        text.unicodeScalars.append(Unicode.Scalar(byte))
        if byte == 0x2C || byte == 0x3A { text += " " }
      }
    }
    return text
  }

  private static func tokens(of bytes: [UInt8]) -> [Token] {
    var tokens: [Token] = []
    var rest = bytes[...]
    while let byte = rest.first {
      if rest.starts(with: "//".utf8) {
        rest = rest.drop { $0 != 0x0A }
      } else if rest.starts(with: "/*".utf8) {
        skipComment(&rest)
      } else if byte == 0x22 {
        tokens.append(.text(literal(&rest)))
      } else if byte.isLetter || byte == 0x5F || byte >= 0x80 {
        let word = rest.prefix { $0.isLetter || $0.isDigit || $0 == 0x5F || $0 >= 0x80 }
        rest = rest.dropFirst(word.count)
        tokens.append(.word(String(decoding: word, as: UTF8.self)))
      } else {
        rest.removeFirst()
        if !byte.isBlank { tokens.append(.mark(byte)) }
      }
    }
    return tokens
  }

  /// Comments of this form nest.
  private static func skipComment(_ rest: inout ArraySlice<UInt8>) {
    var depth = 0
    repeat {
      if rest.starts(with: "/*".utf8) {
        depth += 1
        rest = rest.dropFirst(2)
      } else if rest.starts(with: "*/".utf8) {
        depth -= 1
        rest = rest.dropFirst(2)
      } else {
        rest = rest.dropFirst()
      }
    } while depth > 0 && !rest.isEmpty
  }

  /// A literal on one line; escapes stay as they are written.
  private static func literal(_ rest: inout ArraySlice<UInt8>) -> String {
    var text: [UInt8] = []
    rest.removeFirst()
    while let byte = rest.popFirst(), byte != 0x22, byte != 0x0A {
      text.append(byte)
      if byte == 0x5C, let next = rest.popFirst() { text.append(next) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
