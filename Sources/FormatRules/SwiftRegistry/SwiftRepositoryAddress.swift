/// The address of a package in version control, in the form in which two of them are compared
/// (SE-0292, section 4.5 "Lookup package identifiers registered for a URL").
///
/// Scheme, user, case, `.git` and a slash at the end do not matter:
/// `git@GitHub.com:mona/LinkedList.git` and `https://github.com/mona/LinkedList` are one.
package enum SwiftRepositoryAddress {
  package static func normalize(_ address: String) -> String {
    var rest = Substring(address.lowercased())
    if let scheme = rest.firstRange(of: "://") {
      rest = rest[scheme.upperBound...]
    } else if let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains("/") {
      // The short form of ssh: host, colon, path.
      rest = rest[..<colon] + "/" + rest[rest.index(after: colon)...].drop { $0 == "/" }
    }
    let authority = rest.prefix { $0 != "/" }
    if let at = authority.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
    while rest.hasSuffix("/") { rest.removeLast() }
    if rest.hasSuffix(".git") { rest.removeLast(4) }
    return String(rest)
  }
}
