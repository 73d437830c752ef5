import ArgumentParser
import BlobEngine
import Bytes
import Catalog
import Disk
import Repository
import Upstream

/// Fills the repository of a server that is not running with many small assets, by the road that
/// uploads take, without HTTP: a million takes minutes and not half an hour.
@main
struct HouseFill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "housefill",
    abstract: "Publish generic packages straight into a data directory."
  )

  @Option(help: "The data directory of a server that was stopped.")
  var data: String

  @Option(help: "The account that owns the domain.")
  var owner: String

  @Option(help: "The domain, which is there.")
  var domain: String

  @Option(help: "The repository, which is there.")
  var repository: String

  @Option(help: "How many assets, ten to a version, ten versions to a package.")
  var assets = 1_000_000

  @Option(help: "How many versions are on their way at a time.")
  var concurrency = 256

  func run() async throws {
    let store = try await BlobStore.open(at: data + "/store")
    let catalog = try Catalog.open(at: data + "/catalog.sqlite")
    let shelf = try Shelf(
      depot: depot(catalog, store),
      path: RepositoryPath(owner: owner, domain: domain, repository: repository)
    )
    let versions = (assets + Shelf.assetsPerVersion - 1) / Shelf.assetsPerVersion
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<concurrency {
        group.addTask {
          for number in stride(from: worker, to: versions, by: concurrency) {
            try await shelf.publish(number)
          }
        }
      }
      try await group.waitForAll()
    }
    try await catalog.close()
    await store.close()
  }

  private func depot(_ catalog: Catalog, _ store: BlobStore) throws -> Depot {
    let domainKey = LocalMasterKey(try key("domains.key"))
    return try Depot(
      catalog: catalog,
      blobs: store,
      external: Nowhere(),
      clock: SystemClock(),
      masterKey: key("master.key"),
      masterKeys: MasterKeys(domainKey.map { [$0] } ?? []),
      options: DepotOptions(region: "us-east-1")
    )
  }

  private func key(_ name: String) throws -> [UInt8] {
    guard let bytes = try PrivateFile.read(data + "/" + name) else {
      throw ValidationError("\(data)/\(name) is missing: is this a server's data directory?")
    }
    return bytes
  }
}
