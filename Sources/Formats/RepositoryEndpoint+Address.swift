import Exchange

extension RepositoryEndpoint {
  /// The repository's own address as the client of `request` spells it, without a slash at its
  /// end: what addresses in documents begin with, whichever of the two forms was used.
  func address(in request: Request) -> String {
    let segments = request.target.rawPath.dropFirst().split(
      separator: "/",
      omittingEmptySubsequences: false
    )
    return ([request.base[...]] + segments.dropLast(rest.count)).joined(separator: "/")
  }
}
