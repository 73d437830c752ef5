import Catalog

@testable import Repository

/// Makes the calls of racing clients, and tells what they were told.
struct RaceClients {
  let fixture: DepotFixture
  let domain: String
  let package: PackageCoordinates

  private func path(_ repository: String) -> RepositoryPath {
    fixture.path(repository, domain: domain)
  }

  /// What the depot says to a call, in the words of the model.
  func answer(to call: RaceCall) async -> String {
    let depot = fixture.depot
    do {
      switch call {
      case .createRepository(let name):
        _ = try await depot.createRepository(
          path(name),
          administrator: DepotFixture.account
        )
        return "done"
      case .deleteRepository(let name):
        _ = try await depot.deleteRepository(path(name))
        return "done"
      case .publish(let repository, let version, let blob):
        let staged = StagedAsset(
          digests: DepotFixture.asset("file", blob: blob).digests,
          byteCount: 100 + blob
        )
        let record = try await depot.publish(
          VersionPublication(
            repository: path(repository),
            package: package,
            displayName: package.name,
            version: version,
            files: [.init(name: "file", staged: staged)]
          )
        )
        return record.status.rawValue
      case .copy(let version, let source, let destination, let overwriting):
        let result = try await depot.copyVersions(
          VersionCopying(
            VersionBatch([version]),
            of: package,
            from: path(source),
            to: path(destination),
            allowsOverwriting: overwriting
          )
        )
        return result.outcomes[version] ?? "same"
      case .setStatus(let repository, let version, let status, let expected):
        let result = try await depot.updateStatus(
          of: VersionBatch([version], expectedStatus: expected?.rawValue),
          package,
          in: path(repository),
          to: status
        )
        return result.outcomes[version] ?? "nothing"
      case .dispose(let repository, let version):
        let result = try await depot.dispose(
          VersionBatch([version]),
          of: package,
          in: path(repository)
        )
        return result.outcomes[version] ?? "nothing"
      case .delete(let repository, let version):
        let result = try await depot.deleteVersions(
          VersionBatch([version]),
          of: package,
          in: path(repository)
        )
        return result.outcomes[version] ?? "nothing"
      case .deletePackage(let repository):
        _ = try await depot.deletePackage(package, in: path(repository))
        return "done"
      case .configure(let repository, let restrictions):
        let path = self.path(repository)
        _ = try await depot.configureOrigin(of: package, in: path, to: restrictions)
        return "done"
      case .openGroup(let isOpen):
        _ = try await depot.updateOriginConfiguration(
          ofPackageGroup: "/*",
          owner: DepotFixture.account,
          domain: domain,
          GroupOriginChange(modes: [.publish: isOpen ? .allow : .block])
        )
        return "done"
      case .fetch(let repository, let version):
        let path = self.path(repository)
        let file = try await depot.content.file("file", of: package, version: version, at: path)
        guard case .stored(let stored) = file else { return "nothing" }
        return "file \(stored.byteCount - 100)"
      }
    } catch {
      return "\(error.code)"
    }
  }

  /// What is there in the end, read back in full.
  func state(knowing start: RaceModel) async throws -> RaceModel {
    var model = start
    model.repositories = [:]
    model.upstreams = [:]
    for name in ["a", "b"] {
      let path = self.path(name)
      let found = try await fixture.depot.listRepositoriesInDomain(
        owner: DepotFixture.account,
        domain: domain,
        prefix: name
      )
      guard !found.items.isEmpty else { continue }
      let description = try await fixture.depot.describeRepository(path)
      model.upstreams[name] = description.upstreams.first
      model.repositories[name] = .some(try await held(in: path))
    }
    let root = try await fixture.depot.describePackageGroup(
      "/*",
      owner: DepotFixture.account,
      domain: domain
    )
    model.isGroupOpen = root.effective[.publish]?.restriction.mode == .allow
    return model
  }

  /// Nil where the repository does not have the package.
  private func held(in path: RepositoryPath) async throws -> RaceModel.Package? {
    let packages = try await fixture.depot.listPackages(in: path)
    guard let record = packages.items.first else { return nil }
    var found = RaceModel.Package(restrictions: record.restrictions)
    let listing = try await fixture.depot.listPackageVersions(of: package, in: path)
    for record in listing.versions.items {
      let assets = try await fixture.depot.listPackageVersionAssets(
        of: record.version,
        package,
        in: path
      )
      found.versions[record.version] = RaceModel.Version(
        blob: assets.assets.items.first.map { UInt64($0.byteCount - 100) },
        status: record.status
      )
    }
    return found
  }
}
