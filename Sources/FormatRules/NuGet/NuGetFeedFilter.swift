/// A `$filter` of OData 2 (section 4.5), as far as NuGet clients write them: comparisons of a
/// release's members, joined by `and`, `or` and `not`.
package struct NuGetFeedFilter: Sendable {
  private indirect enum Expression: Sendable {
    case value(Bool)
    case text(String)
    case member(String)
    case not(Expression)
    case both(Expression, Expression)
    case either(Expression, Expression)
    case equal(Expression, Expression)
    case call(String, [Expression])
  }

  /// What an expression comes to.
  private enum Value: Hashable {
    case flag(Bool)
    case text(String)
  }

  private static let flags: Set<String> = [
    "IsLatestVersion", "IsAbsoluteLatestVersion", "IsPrerelease", "Listed",
  ]
  private static let texts: Set<String> = [
    "Id", "Version", "NormalizedVersion", "Title", "Description", "Summary", "Tags", "Authors",
  ]
  private static let functions = [
    "tolower": 1, "toupper": 1, "trim": 1, "startswith": 2, "endswith": 2, "substringof": 2,
  ]

  private let expression: Expression

  /// - Throws: ``MalformedInput`` for what is no filter, and for what no client of NuGet asks.
  package init(_ text: String) throws(MalformedInput) {
    guard text.utf8.count <= 8192 else { throw Self.failure("it is too long") }
    var parser = Parser(rest: Substring(text))
    expression = try parser.disjunction(depth: 0)
    parser.skipSpace()
    guard parser.rest.isEmpty else {
      throw Self.failure("`\(parser.rest.prefix(40))` is left over")
    }
    guard case .flag = Self.kind(expression) else { throw Self.failure("it is no condition") }
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("$filter", reason)
  }

  package func matches(_ entry: NuGetFeed.Entry) -> Bool {
    Self.evaluate(expression, entry) == .flag(true)
  }

  private static func evaluate(_ expression: Expression, _ entry: NuGetFeed.Entry) -> Value {
    switch expression {
    case .value(let flag): .flag(flag)
    case .text(let text): .text(text)
    case .member(let name): member(name, entry)
    case .not(let inner): .flag(evaluate(inner, entry) != .flag(true))
    case .both(let left, let right):
      .flag(evaluate(left, entry) == .flag(true) && evaluate(right, entry) == .flag(true))
    case .either(let left, let right):
      .flag(evaluate(left, entry) == .flag(true) || evaluate(right, entry) == .flag(true))
    case .equal(let left, let right): .flag(evaluate(left, entry) == evaluate(right, entry))
    case .call(let name, let arguments):
      call(
        name,
        arguments.map { argument in
          if case .text(let text) = evaluate(argument, entry) { text } else { "" }
        }
      )
    }
  }

  private static func member(_ name: String, _ entry: NuGetFeed.Entry) -> Value {
    let (release, description) = (entry.release, entry.release.description)
    return switch name {
    case "IsLatestVersion": .flag(entry.isLatest)
    case "IsAbsoluteLatestVersion": .flag(entry.isAbsoluteLatest)
    case "IsPrerelease": .flag(release.version.isPrerelease)
    case "Listed": .flag(release.isListed)
    case "Id": .text(description.id)
    case "Title": .text(description[.title] ?? description.id)
    case "Description": .text(description[.description] ?? "")
    case "Summary": .text(description[.summary] ?? "")
    case "Tags": .text(description.tags.joined(separator: " "))
    case "Authors": .text(description[.authors] ?? "")
    default: .text(release.version.text)
    }
  }

  private static func call(_ name: String, _ arguments: [String]) -> Value {
    switch name {
    case "tolower": .text(arguments[0].lowercased())
    case "toupper": .text(arguments[0].uppercased())
    case "startswith": .flag(arguments[0].hasPrefix(arguments[1]))
    case "endswith": .flag(arguments[0].hasSuffix(arguments[1]))
    // The part comes first (OData 2, "substringof").
    case "substringof": .flag(arguments[1].contains(arguments[0]))
    default: .text(String(decoding: Array(arguments[0].utf8).trimmed, as: UTF8.self))
    }
  }

  /// The kind of value that an expression comes to, by any value of it.
  private static func kind(_ expression: Expression) -> Value {
    switch expression {
    case .text: .text("")
    case .member(let name): flags.contains(name) ? .flag(true) : .text("")
    case .call(let name, _): functions[name] == 1 ? .text("") : .flag(true)
    default: .flag(true)
    }
  }

  private struct Parser {
    private static let maximumDepth = 32

    var rest: Substring

    mutating func skipSpace() {
      rest = rest.drop { $0 == " " }
    }

    mutating func disjunction(depth: Int) throws(MalformedInput) -> Expression {
      guard depth < Self.maximumDepth else { throw failure("it is nested too deep") }
      var left = try conjunction(depth: depth)
      while take(word: "or") { left = .either(left, try conjunction(depth: depth)) }
      return left
    }

    private mutating func conjunction(depth: Int) throws(MalformedInput) -> Expression {
      var left = try negation(depth: depth)
      while take(word: "and") { left = .both(left, try negation(depth: depth)) }
      return left
    }

    private mutating func negation(depth: Int) throws(MalformedInput) -> Expression {
      if take(word: "not") { return .not(try comparison(depth: depth)) }
      return try comparison(depth: depth)
    }

    private mutating func comparison(depth: Int) throws(MalformedInput) -> Expression {
      let left = try operand(depth: depth)
      if take(word: "eq") { return .equal(left, try operand(depth: depth)) }
      if take(word: "ne") { return .not(.equal(left, try operand(depth: depth))) }
      return left
    }

    private mutating func operand(depth: Int) throws(MalformedInput) -> Expression {
      skipSpace()
      if take("(") {
        let inner = try disjunction(depth: depth + 1)
        try close()
        return inner
      }
      if rest.first == "'" { return .text(try text()) }
      let name = String(rest.prefix { $0.isLetter })
      rest = rest.dropFirst(name.count)
      switch name {
      case "true": return .value(true)
      case "false": return .value(false)
      case _ where flags.contains(name) || texts.contains(name): return .member(name)
      case _ where functions[name] != nil: return try call(name, depth: depth)
      default: throw failure("`\(name.prefix(40))` is not known here")
      }
    }

    private mutating func call(_ name: String, depth: Int) throws(MalformedInput) -> Expression {
      guard take("(") else { throw failure("`\(name)` has no arguments") }
      var arguments = [try disjunction(depth: depth + 1)]
      skipSpace()
      while take(",") {
        arguments.append(try disjunction(depth: depth + 1))
        skipSpace()
      }
      try close()
      guard arguments.count == functions[name] else {
        throw failure("`\(name)` has the wrong number of arguments")
      }
      return .call(name, arguments)
    }

    private mutating func close() throws(MalformedInput) {
      skipSpace()
      guard take(")") else { throw failure("a parenthesis is not closed") }
    }

    /// A text in quotes; two quotes inside stand for one.
    private mutating func text() throws(MalformedInput) -> String {
      var text = ""
      rest.removeFirst()
      while let character = rest.popFirst() {
        if character == "'" {
          guard rest.first == "'" else { return text }
          rest.removeFirst()
        }
        text.append(character)
      }
      throw failure("a text has no end")
    }

    private mutating func take(_ character: Character) -> Bool {
      guard rest.first == character else { return false }
      rest.removeFirst()
      return true
    }

    private mutating func take(word: String) -> Bool {
      let ahead = rest.drop { $0 == " " }
      guard ahead.hasPrefix(word) else { return false }
      let after = ahead.dropFirst(word.count)
      guard after.first == " " || after.first == "(" else { return false }
      rest = after
      return true
    }

    private func failure(_ reason: String) -> MalformedInput { NuGetFeedFilter.failure(reason) }
  }
}
