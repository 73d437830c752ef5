import Bytes

/// References between documents as RFC 3986 section 5 resolves them.
package enum WebAddress {
  /// The five parts of a URI reference (RFC 3986 appendix B); nil is absent, which differs from
  /// empty.
  private struct Parts {
    var scheme: Substring?
    var authority: Substring?
    var path: Substring
    var query: Substring?
    var fragment: Substring?

    init(_ text: some StringProtocol) {
      var rest = Substring(text)
      // By bytes: a packument has one of these for each of its thousands of versions.
      fragment = Self.cut(&rest, at: UInt8(ascii: "#"))
      query = Self.cut(&rest, at: UInt8(ascii: "?"))
      if let colon = rest.utf8.firstIndex(of: UInt8(ascii: ":")), Self.isScheme(rest[..<colon]) {
        scheme = rest[..<colon]
        rest = rest[rest.utf8.index(after: colon)...]
      }
      if rest.hasPrefix("//") {
        rest = rest.dropFirst(2)
        let end = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        authority = rest[..<end]
        rest = rest[end...]
      }
      path = rest
    }

    private static func cut(_ text: inout Substring, at separator: UInt8) -> Substring? {
      guard let index = text.utf8.firstIndex(of: separator) else { return nil }
      defer { text = text[..<index] }
      return text[text.utf8.index(after: index)...]
    }

    private static func isScheme(_ text: Substring) -> Bool {
      text.utf8.first?.isLetter == true
        && text.utf8.allSatisfy {
          $0.isLetter || $0.isDigit || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E
        }
    }

    var text: String {
      var text = scheme.map { "\($0):" } ?? ""
      text += authority.map { "//\($0)" } ?? ""
      text += path
      text += query.map { "?\($0)" } ?? ""
      return text + (fragment.map { "#\($0)" } ?? "")
    }
  }

  /// Returns what `reference` means in a document at `base` (RFC 3986 section 5.2.2).
  package static func resolve(_ reference: some StringProtocol, against base: String) -> String {
    var target = Parts(reference)
    guard target.scheme == nil else { return String(reference) }
    let base = Parts(base)
    if target.authority == nil {
      if target.path.isEmpty {
        target.path = base.path
        target.query = target.query ?? base.query
      } else {
        target.path = Substring(removeDotSegments(merge(target.path, onto: base)))
      }
      target.authority = base.authority
    }
    target.scheme = base.scheme
    return target.text
  }

  /// Splits a fragment off: what stands before `#`, and what stands after it.
  package static func splitFragment(_ address: String) -> (address: String, fragment: String?) {
    guard let index = address.firstIndex(of: "#") else { return (address, nil) }
    return (String(address[..<index]), String(address[address.index(after: index)...]))
  }

  /// The last segment of the address's path, decoded: a file's name.
  ///
  /// Nil when the path ends in a slash or the segment's escapes are broken.
  package static func fileName(of address: String) -> String? {
    let path = Parts(address).path
    let segment = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path
    guard !segment.isEmpty else { return nil }
    return PercentEncoding.decode(segment)
  }

  private static func merge(_ path: Substring, onto base: Parts) -> String {
    if path.hasPrefix("/") { return String(path) }
    guard let slash = base.path.lastIndex(of: "/") else {
      return base.authority == nil ? String(path) : "/" + path
    }
    return String(base.path[...slash] + path)
  }

  /// RFC 3986 section 5.2.4.
  private static func removeDotSegments(_ path: String) -> String {
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
    var kept: [Substring] = []
    for (index, segment) in segments.enumerated() {
      let isLast = index == segments.count - 1
      switch segment {
      case ".":
        if isLast { kept.append("") }
      case "..":
        if kept.count > 1 { kept.removeLast() }
        if isLast { kept.append("") }
      default: kept.append(segment)
      }
    }
    return kept.joined(separator: "/")
  }
}
