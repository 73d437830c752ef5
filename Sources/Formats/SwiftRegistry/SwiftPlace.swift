import Exchange
import FormatRules

/// The repository's own address, for the addresses in its documents.
struct SwiftPlace {
  /// Without a slash at the end.
  let address: String
  let rest: [String]

  init(_ endpoint: RepositoryEndpoint, _ request: Request) {
    address = endpoint.address(in: request)
    rest = endpoint.rest
  }

  func releases(of package: SwiftPackageIdentity) -> String {
    "\(address)/\(package.normalizedScope)/\(package.normalizedName)"
  }

  /// A version has no characters that an address would have to escape but `+`, which stays.
  func release(_ version: String, of package: SwiftPackageIdentity) -> String {
    "\(releases(of: package))/\(version)"
  }
}
