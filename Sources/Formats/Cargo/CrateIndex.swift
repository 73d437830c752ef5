import Access
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for the sparse index (RFC 2789): its configuration, and a file per crate.
struct CrateIndex: Sendable {
  let depot: Depot
  let documents: RenderedDocuments
  let names: CrateSpellings

  /// Whoever may read without a token is not told to bring one.
  func configuration(
    _ request: Request,
    at address: CargoAddress,
    for caller: Caller
  ) async -> Reply {
    let bytes = CrateIndexConfiguration.render(
      downloads: address.downloads,
      interface: address.root,
      asksForToken: !caller.principal.isAnonymous
    )
    return await documents.reply(
      to: request,
      key: "cargo configuration \(address.root) \(caller.principal.isAnonymous)",
      stamp: PayloadHash.sha256(bytes),
      contentType: "application/json",
      render: { bytes }
    )
  }

  func file(
    of name: CrateName,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let package = try await names.package(name, in: path), !package.listing.versions.isEmpty
    else {
      return CargoReply.failure(
        .notFound,
        "Repository \(path.repository) knows no crate \(name.spelling)."
      )
    }
    let listing = package.listing
    return await documents.reply(
      to: request,
      key: "cargo index \(path) \(name.lowercased)",
      stamp: package.stamp,
      contentType: "text/plain; charset=utf-8",
      staleness: package.staleness,
      render: { CrateIndexFile.render(listing) }
    )
  }
}
