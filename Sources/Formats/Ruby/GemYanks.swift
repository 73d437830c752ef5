import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Takes gems back: they vanish from the index, and can be downloaded no longer.
struct GemYanks: Sendable {
  let depot: Depot

  func accept(_ request: Request, from caller: Caller) async throws(RepositoryError) -> Reply {
    let form = try await FormFields.read(request)
    guard let name = form["gem_name"], GemName.isValid(name), let number = form["version"] else {
      throw .refusedUpload("A yank names a gem and a version: gem_name=…&version=….")
    }
    let coordinates = RubyFormat.coordinates(name)
    try await caller.requireUpdating(of: coordinates)
    let platform = form["platform"].flatMap { $0.isEmpty ? nil : $0 } ?? GemIdentity.anywhere
    let identity = GemIdentity(name: name, number: number, platform: platform)
    let now = UploadTime(microseconds: depot.clock.now().microseconds)
    let changed = try await depot.amendVersion(
      identity.version,
      of: coordinates,
      in: caller.path
    ) { version in
      guard version.status == .published else { return }
      version.status = .unlisted
      version.metadata = GemListing.yanked(version.metadata, at: now)
    }
    guard changed != nil else {
      return .text(
        .notFound,
        "Repository \(caller.path.repository) itself holds no gem \(identity.fullName); what it "
          + "shows of other repositories is yanked there."
      )
    }
    return .text(.ok, "Successfully deleted gem: \(name) (\(identity.version))")
  }
}
