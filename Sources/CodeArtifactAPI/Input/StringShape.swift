import Bytes

/// A string of the service model: its lengths and its pattern, both judged in Unicode scalars.
struct StringShape: Sendable {
  /// A pattern of the model: its text, for messages, and what it means.
  struct Pattern: Sendable {
    let text: String
    let matches: @Sendable (String.UnicodeScalarView) -> Bool
  }

  let lengths: ClosedRange<Int>
  let pattern: Pattern?
  /// Whether it has to be composed (``Swift/String/isComposed``): whatever names what Swift
  /// compares and rows keep.
  var isComposed = false

  /// Returns what is wrong with `value`, each as the end of AWS's sentence.
  func violations(of value: String) -> [String] {
    let scalars = value.unicodeScalars
    var found: [String] = []
    if let pattern, !pattern.matches(scalars) {
      found.append("Member must satisfy regular expression pattern: \(pattern.text)")
    }
    if scalars.count < lengths.lowerBound {
      found.append("Member must have length greater than or equal to \(lengths.lowerBound)")
    }
    if scalars.count > lengths.upperBound {
      found.append("Member must have length less than or equal to \(lengths.upperBound)")
    }
    if isComposed, !value.isComposed {
      found.append("Member must be in Unicode Normalization Form C")
    }
    return found
  }
}

extension StringShape {
  static let domainName = StringShape(lengths: 2...50, pattern: .domainName)
  static let repositoryName = StringShape(lengths: 2...100, pattern: .repositoryName)
  static let externalConnectionName = StringShape(
    lengths: 2...100,
    pattern: .externalConnectionName
  )
  static let accountID = StringShape(lengths: 12...12, pattern: .accountID)
  static let arn = StringShape(lengths: 1...1011, pattern: .noSpace)
  static let description = StringShape(lengths: 0...1000, pattern: .printable)
  static let packageName = StringShape(
    lengths: 1...255,
    pattern: .coordinate,
    isComposed: true
  )
  static let packageNamespace = packageName
  static let packageVersion = packageName
  static let assetName = StringShape(
    lengths: 1...255,
    pattern: .printableSome,
    isComposed: true
  )
  static let revision = StringShape(lengths: 1...50, pattern: .noSpace)
  static let sha256 = StringShape(lengths: 64...64, pattern: .hexadecimal)
  static let policyDocument = StringShape(lengths: 1...7168, pattern: .document)
  static let policyRevision = StringShape(lengths: 1...100, pattern: .noSpace)
  static let paginationToken = StringShape(lengths: 1...2000, pattern: .noSpace)
  static let contactInfo = description
  static let packageGroupPattern = StringShape(
    lengths: 2...520,
    pattern: .visible,
    isComposed: true
  )
  static let packageGroupPrefix = StringShape(lengths: 0...520, pattern: .printable)
  static let tagKey = StringShape(lengths: 1...128, pattern: .printableSome)
  static let tagValue = StringShape(lengths: 0...256, pattern: .printable)
}

extension StringShape.Pattern {
  static let domainName = StringShape.Pattern(text: "[a-z][a-z0-9\\-]{0,48}[a-z0-9]") { value in
    guard let first = value.first, let last = value.last, (2...50).contains(value.count) else {
      return false
    }
    return isLowercase(first) && (isLowercase(last) || isDigit(last))
      && value.allSatisfy { isLowercase($0) || isDigit($0) || $0 == "-" }
  }

  static let repositoryName = name(
    text: "[A-Za-z0-9][A-Za-z0-9._\\-]{1,99}",
    punctuation: [".", "_", "-"]
  )

  static let externalConnectionName = name(
    text: "[A-Za-z0-9][A-Za-z0-9._\\-:]{1,99}",
    punctuation: [".", "_", "-", ":"]
  )

  static let accountID = StringShape.Pattern(text: "[0-9]{12}") { value in
    value.count == 12 && value.allSatisfy(isDigit)
  }

  static let hexadecimal = StringShape.Pattern(text: "[0-9a-f]+") { value in
    !value.isEmpty && value.allSatisfy { isDigit($0) || ("a"..."f").contains($0) }
  }

  static let noSpace = StringShape.Pattern(text: "\\S+") { value in
    !value.isEmpty && !value.contains(where: isSpace)
  }

  static let coordinate = StringShape.Pattern(text: "[^#/\\s]+") { value in
    !value.isEmpty && !value.contains { $0 == "#" || $0 == "/" || isSpace($0) }
  }

  static let printable = StringShape.Pattern(text: "\\P{C}*") { value in
    !value.contains(where: isOther)
  }

  static let document = StringShape.Pattern(text: "[\\P{C}\\s]+") { value in
    !value.isEmpty && value.allSatisfy { !isOther($0) || isSpace($0) }
  }

  static let printableSome = StringShape.Pattern(text: "\\P{C}+") { value in
    !value.isEmpty && !value.contains(where: isOther)
  }

  static let visible = StringShape.Pattern(text: "[^\\p{C}\\p{IsWhitespace}]+") { value in
    !value.isEmpty && !value.contains { isOther($0) || $0.properties.isWhitespace }
  }

  private static func name(text: String, punctuation: Set<Unicode.Scalar>) -> Self {
    StringShape.Pattern(text: text) { value in
      guard let first = value.first, (2...100).contains(value.count) else { return false }
      return isAlphanumeric(first)
        && value.allSatisfy { isAlphanumeric($0) || punctuation.contains($0) }
    }
  }

  private static func isLowercase(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar)
  }

  private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
    isLowercase(scalar) || isDigit(scalar) || ("A"..."Z").contains(scalar)
  }

  /// What `\s` means in the model's patterns: the six ASCII spaces.
  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || (0x09...0x0D).contains(scalar.value)
  }

  /// Unicode's general category C: controls, formats, surrogates, private use, unassigned.
  private static func isOther(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }
}
