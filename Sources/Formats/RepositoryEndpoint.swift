import Repository

/// Which repository an address means, by which format, and what follows it.
///
/// Two forms (CodeArtifact user guide, "Repository endpoint URLs"): the path form names the domain
/// in the path, the host form in the first label of the host.
struct RepositoryEndpoint: Equatable {
  /// The format's word, such as `pypi`.
  let format: String
  let path: RepositoryPath
  /// The decoded segments behind the repository; a trailing slash shows as a last empty one, and
  /// without even that slash there are none.
  let rest: [String]

  /// Reads the segments of a request's path; `base` is what the client reached us by.
  init?(segments: [String], base: String) {
    if let host = Self.hostLabel(of: base), let owned = Self.split(host), segments.count >= 2 {
      self.init(format: segments[0], owned, segments.dropFirst())
    } else {
      guard segments.count >= 4, segments[1] == "d", let owned = Self.split(segments[2]) else {
        return nil
      }
      self.init(format: segments[0], owned, segments.dropFirst(3))
    }
  }

  private init?(
    format: String,
    _ owned: (domain: String, owner: String),
    _ segments: ArraySlice<String>
  ) {
    guard let repository = segments.first, !repository.isEmpty, !format.isEmpty else { return nil }
    self.format = format
    self.path = RepositoryPath(owner: owned.owner, domain: owned.domain, repository: repository)
    self.rest = Array(segments.dropFirst())
  }

  /// Splits `{domain}-{owner}`: the owner is the last twelve digits, for a domain's name may
  /// itself have dashes.
  private static func split(_ text: some StringProtocol) -> (domain: String, owner: String)? {
    guard let dash = text.lastIndex(of: "-"), dash > text.startIndex else { return nil }
    let owner = text[text.index(after: dash)...]
    guard owner.utf8.count == 12, owner.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    return (String(text[..<dash]), String(owner))
  }

  /// The first label of a host of the form `{domain}-{owner}.d.…`.
  private static func hostLabel(of base: String) -> Substring? {
    let parts = base.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    let host = parts[2].prefix { $0 != "/" && $0 != ":" }
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    return labels.count > 2 && labels[1] == "d" ? labels[0] : nil
  }
}
