import Bytes
import Catalog
import Disk
import Foundation
import Repository
import Upstream

/// The master keys of a data directory, opened.
///
/// Without a setting there is one beside the data, `domains.key`: 32 random bytes, mode 0600, made
/// at the first start. While it is being replaced the new one lies beside it, and both open.
struct MasterKeyRing: Sendable {
  private let providers: [any MasterKeyProvider]

  init(
    _ settings: [MasterKeySetting],
    in data: DataDirectory,
    _ catalog: Catalog
  ) async throws {
    var providers: [any MasterKeyProvider] = []
    do {
      for setting in settings { providers.append(try Self.provider(setting)) }
      if providers.isEmpty { providers = try await Self.standard(in: data, catalog) }
      for provider in providers { try await (provider as? KeyManagementService)?.check() }
    } catch {
      for provider in providers { await Self.close(provider) }
      throw error
    }
    self.providers = providers
  }

  var keys: MasterKeys { MasterKeys(providers) }

  /// Closes connections.
  func shutdown() async {
    for provider in providers { await Self.close(provider) }
  }

  /// Closes a provider's connections, if it has any.
  static func close(_ provider: any MasterKeyProvider) async {
    await (provider as? KeyManagementService)?.shutdown()
  }

  /// Opens the key that a setting names.
  static func provider(_ setting: MasterKeySetting) throws -> any MasterKeyProvider {
    let environment = ProcessInfo.processInfo.environment
    switch setting {
    case .file(let path):
      guard let bytes = try PrivateFile.read(path), let key = LocalMasterKey(bytes) else {
        throw MasterKeyMissing(path: path)
      }
      return key
    case .environment(let name):
      let text = environment[name] ?? ""
      guard let bytes = Hexadecimal.decode(text) ?? Base64.decode(text),
        let key = LocalMasterKey(bytes)
      else { throw MasterKeyMissing(path: "the environment's \(name)") }
      return key
    case .service(let keyARN, let address):
      guard let credentials = KeyServiceCredentials(environment: environment) else {
        throw KeyServiceUnknown(keyARN, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")
      }
      let service = KeyManagementService(
        keyARN: keyARN,
        endpoint: address,
        credentials: credentials,
        environment: environment
      ) { Int64(WallClock.unixMilliseconds() / 1000) }
      guard let service else { throw KeyServiceUnknown(keyARN, "\(address) is no address") }
      return service
    }
  }

  private static func standard(
    in data: DataDirectory,
    _ catalog: Catalog
  ) async throws -> [any MasterKeyProvider] {
    let places = [data.domainKey, data.nextDomainKey]
    let found = try places.compactMap { path -> LocalMasterKey? in
      try PrivateFile.read(path).flatMap { LocalMasterKey($0) }
    }
    guard found.isEmpty else { return found }
    // What is wrapped already was wrapped by a key that is gone: a new one would hide that.
    let wrapped = try await catalog.read { snapshot throws(CatalogError) in
      try snapshot.keys(limit: 1)
    }
    guard wrapped.isEmpty else { throw MasterKeyMissing(path: data.domainKey) }
    let (bytes, key) = try makeLocal()
    try PrivateFile.write(bytes, to: data.domainKey)
    return [key]
  }

  /// Makes a new key.
  static func makeLocal() throws -> (bytes: [UInt8], key: LocalMasterKey) {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<LocalMasterKey.byteCount).map { _ in
      UInt8.random(in: .min ... .max, using: &generator)
    }
    guard let key = LocalMasterKey(bytes) else { throw MasterKeyMissing(path: "a new key") }
    return (bytes, key)
  }
}

/// A master key is not where it should be.
struct MasterKeyMissing: Error, CustomStringConvertible {
  let path: String

  var description: String {
    "there are no 32 bytes of a master key in \(path), which the keys of domains are wrapped with; "
      + "restore it, or name another place with --master-key"
  }
}

/// A key service cannot be asked.
struct KeyServiceUnknown: Error, CustomStringConvertible {
  let description: String

  init(_ keyARN: String, _ reason: String) {
    description = "the key service of \(keyARN) cannot be asked: \(reason)"
  }
}
