import Bytes
import Catalog
import FormatRules
import Repository

/// How public NuGet registries are read: through their service index, by their registrations.
struct NuGetRegistry: ExternalFormat {
  /// A package of ten thousand versions has 157 pages.
  private static let mostPages = 2000
  private static let pagesAtOnce = 8

  let format = PackageFormat.nuget

  func canBeCalled(_ package: PackageCoordinates) -> Bool {
    NuGetIdentifier(package.name) != nil
  }

  func listing(
    of package: PackageCoordinates,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> PackageListing? {
    let services = try await services(of: registry)
    let address = "\(services.registrations)\(package.name)/index.json"
    guard let index = try await registry.json(address) else { return nil }
    let pages = index.value["items"]?.array ?? []
    guard pages.count <= Self.mostPages else {
      throw ExternalFailure(.unusable, "\(address) has more than \(Self.mostPages) pages")
    }
    let leaves = try await items(of: pages, at: index.address, from: registry).joined()
    let versions = leaves.compactMap { Self.version($0, of: package.name, services) }
    let name = versions.last?.spelling ?? package.name
    return PackageListing(name: name, versions: versions.map(\.listed))
  }

  /// The nuspec beside a package, which no registration names.
  func file(
    _ name: String,
    of package: PackageCoordinates,
    version: String,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> ListedFile? {
    guard name == "\(package.name).nuspec", NuGetVersion(version) != nil,
      let content = try await services(of: registry).content
    else { return nil }
    return ListedFile(name: name, address: "\(content)\(package.name)/\(version)/\(name)")
  }

  /// Where the resources of a registry are, each with a slash at its end.
  private struct Services {
    let registrations: String
    let content: String?
  }

  private func services(
    of registry: ExternalRegistry
  ) async throws(ExternalFailure) -> Services {
    let address = Self.index(of: registry.base)
    guard let index = try await registry.json(address) else {
      throw ExternalFailure(.unusable, "\(registry.base) has no service index at \(address)")
    }
    let resources = index.value["resources"]?.array ?? []
    func find(_ types: [String]) -> String? {
      for type in types {
        let found = resources.first { $0["@type"]?.names.contains(type) ?? false }
        guard let id = found?["@id"]?.string else { continue }
        let address = WebAddress.resolve(id, against: index.address)
        return address.hasSuffix("/") ? address : address + "/"
      }
      return nil
    }
    let registrations = ["/3.6.0", "/Versioned", "/3.4.0", "/3.0.0-rc", "/3.0.0-beta", ""]
    guard let address = find(registrations.map { "RegistrationsBaseUrl\($0)" }) else {
      throw ExternalFailure(.unusable, "the service index of \(registry.base) has no registrations")
    }
    return Services(registrations: address, content: find(["PackageBaseAddress/3.0.0"]))
  }

  /// The address as configured may be that of the index, of the folder it is in, or of the root.
  private static func index(of base: String) -> String {
    if base.hasSuffix(".json/") { return String(base.dropLast()) }
    return base.hasSuffix("/v3/") ? base + "index.json" : base + "v3/index.json"
  }

  /// The leaves of each page; those that the index leaves out are fetched, some at a time.
  private func items(
    of pages: [JSONValue],
    at address: String,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> [[JSONValue]] {
    var items: [[JSONValue]] = []
    var rest = pages[...]
    while !rest.isEmpty {
      let step = rest.prefix(Self.pagesAtOnce)
      rest = rest.dropFirst(step.count)
      items += try await fetch(Array(step), at: address, from: registry)
    }
    return items
  }

  private func fetch(
    _ pages: [JSONValue],
    at address: String,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> [[JSONValue]] {
    let results = await withTaskGroup(
      of: (Int, Result<[JSONValue], ExternalFailure>).self
    ) { group in
      for (index, page) in pages.enumerated() {
        group.addTask {
          do throws(ExternalFailure) {
            return (index, .success(try await Self.items(of: page, at: address, from: registry)))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    var items: [[JSONValue]] = []
    for index in pages.indices { items.append(try results[index]?.get() ?? []) }
    return items
  }

  private static func items(
    of page: JSONValue,
    at address: String,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> [JSONValue] {
    if let items = page["items"]?.array { return items }
    guard let id = page["@id"]?.string else { return [] }
    let place = WebAddress.splitFragment(WebAddress.resolve(id, against: address)).address
    guard let document = try await registry.json(place) else {
      throw ExternalFailure(.unusable, "\(address) names a page \(place), which is not there")
    }
    return document.value["items"]?.array ?? []
  }

  private static func version(
    _ leaf: JSONValue,
    of package: String,
    _ services: Services
  ) -> (listed: ListedVersion, spelling: String)? {
    guard let entry = leaf["catalogEntry"], let description = NuGetDescription(entry),
      let version = NuGetVersion(description.version)
    else { return nil }
    let name = NuGetPackage.fileName(package, version.key)
    let given = leaf["packageContent"]?.string ?? entry["packageContent"]?.string
    guard let address = given ?? services.content.map({ "\($0)\(package)/\(version.key)/\(name)" })
    else { return nil }
    let published = entry["published"]?.string.flatMap { UploadTime($0) }
    // The year 1900 means unlisted, and older registries say it in no other way.
    let isUnlisted = published.map { $0.microseconds < 0 } ?? false
    let listed = ListedVersion(
      version: version.key,
      publishedAt: isUnlisted ? nil : published,
      metadata: description.row,
      isListed: entry["listed"]?.bool ?? !isUnlisted,
      files: [ListedFile(name: name, address: address, hashes: hashes(of: entry))]
    )
    return (listed, description.id)
  }

  /// What an entry promises of the package's bytes (NuGet, "Catalog", "Package details catalog
  /// items"): not every gallery does in its registrations.
  private static func hashes(of entry: JSONValue) -> [String: String] {
    guard let algorithm = entry["packageHashAlgorithm"]?.string?.lowercased(),
      let count = ["sha256": 32, "sha512": 64][algorithm],
      let bytes = entry["packageHash"]?.string.flatMap({ Base64.decodePadded($0) }),
      bytes.count == count
    else { return [:] }
    return [algorithm: Hexadecimal.encode(bytes)]
  }
}

extension ExternalRegistry {
  /// Reads a document that is JSON; nil when the registry has none at that address.
  fileprivate func json(
    _ address: String
  ) async throws(ExternalFailure) -> (value: JSONValue, address: String)? {
    guard let document = try await document(address, accept: "application/json") else {
      return nil
    }
    do throws(MalformedInput) {
      return (try JSONReader.read(document.bytes), document.address)
    } catch {
      throw document.unusable("no JSON: \(error.reason)")
    }
  }
}

extension JSONValue {
  /// The value of `@type`, which may be one name or several.
  fileprivate var names: [String] {
    string.map { [$0] } ?? (array ?? []).compactMap(\.string)
  }
}
