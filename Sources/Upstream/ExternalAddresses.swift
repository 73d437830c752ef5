internal import Catalog

/// Where the external connections point on this machine.
///
/// For each connection the first that says something wins:
///
/// 1. what the operator gave, `--external public:npmjs=URL`;
/// 2. the environment: `LARDER_EXTERNAL_PUBLIC_NPMJS`, then what the machine's own clients obey
///    (`PIP_INDEX_URL`, `UV_DEFAULT_INDEX`, `UV_INDEX_URL`; `npm_config_registry`);
/// 3. for Python, pip's configuration (`global.index-url`), then pip's own built-in default, asked
///    of the installed pip;
/// 4. the address that the registry documents (``builtIn(_:)``).
///
/// What only an `aws codeartifact login` can have written is passed over: it would send us round
/// in a circle.
package struct ExternalAddresses: Sendable {
  /// What was found, in the order of the connections' names.
  package private(set) var found: [ExternalAddress] = []
  /// What was said and could not be used, one sentence each.
  package private(set) var complaints: [String] = []

  /// Addresses at hand: for tests, and for embedders that know.
  package init(_ found: [ExternalAddress] = []) {
    self.found = found
  }

  /// Returns the address of a connection, or nil.
  package subscript(connection: String) -> ExternalAddress? {
    found.first { $0.connection == connection }
  }

  /// Asks the machine.
  ///
  /// - Parameters:
  ///   - overrides: the values of `--external`, each `connection=URL`.
  ///   - environment: the process's environment.
  ///   - machine: how the machine's programs are asked.
  /// - Returns: what was found, and what was said and could not be used.
  /// - Throws: ``InvalidExternalAddress`` when an override cannot be read or names no connection:
  ///   what an operator typed is never passed over.
  package static func discover(
    overrides: [String],
    environment: [String: String],
    machine: any MachineQueries = InstalledPrograms()
  ) async throws(InvalidExternalAddress) -> ExternalAddresses {
    var addresses = ExternalAddresses()
    for text in overrides { try addresses.override(text) }
    addresses.read(environment)
    if addresses["public:pypi"] == nil { await addresses.askPip(machine) }
    addresses.addBuiltIn()
    addresses.found.sort { $0.connection < $1.connection }
    return addresses
  }

  private mutating func override(_ text: String) throws(InvalidExternalAddress) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { throw InvalidExternalAddress(text: text) }
    guard ExternalConnection(rawValue: parts[0]) != nil else {
      throw InvalidExternalAddress(text: text, unknownConnection: parts[0])
    }
    guard let address = ExternalAddress(parts[0], parts[1], source: "--external") else {
      throw InvalidExternalAddress(text: text)
    }
    found.removeAll { $0.connection == parts[0] }
    found.append(address)
  }

  /// What the clients of a registry are told by the environment, strongest first.
  private static let clientVariables = [
    "public:npmjs": ["npm_config_registry", "NPM_CONFIG_REGISTRY"],
    "public:pypi": ["PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"],
  ]

  private mutating func read(_ environment: [String: String]) {
    let prefix = "LARDER_EXTERNAL_"
    for (name, value) in environment.sorted(by: { $0.key < $1.key })
    where name.hasPrefix(prefix) && !value.isEmpty {
      let connection = name.dropFirst(prefix.count).lowercased()
        .split(separator: "_", maxSplits: 1).joined(separator: ":")
        .replacing("_", with: "-")
      take(value, for: connection, from: name)
    }
    for (connection, names) in Self.clientVariables.sorted(by: { $0.key < $1.key }) {
      for name in names {
        guard let value = environment[name], !value.isEmpty else { continue }
        take(value, for: connection, from: name)
      }
    }
  }

  private mutating func askPip(_ machine: any MachineQueries) async {
    if let value = await machine.pipConfiguration("global.index-url") {
      take(value, for: "public:pypi", from: "pip's configuration")
    }
    guard self["public:pypi"] == nil else { return }
    if let value = await machine.pipBuiltInIndex() {
      take(value, for: "public:pypi", from: "pip's built-in default")
    }
    guard self["public:pypi"] == nil else { return }
    complaints.append(
      "no address is known for public:pypi: no pip answered; give --external public:pypi=URL"
    )
  }

  /// Believes an address for a connection that has none yet, unless it cannot be one.
  mutating func take(_ text: String, for connection: String, from source: String) {
    guard self[connection] == nil else { return }
    guard ExternalConnection(rawValue: connection) != nil else {
      complaints.append("\(source) is passed over: \(UnknownConnection(name: connection))")
      return
    }
    guard let address = ExternalAddress(connection, text, source: source) else {
      complaints.append("\(source) holds no http or https address and is passed over")
      return
    }
    guard !address.isRepositoryEndpoint else {
      complaints.append(
        "\(source) points at a repository like ours, since somebody logged in to one, and is "
          + "passed over for \(connection); give --external \(connection)=URL to choose it"
      )
      return
    }
    found.append(address)
  }
}

/// An override that is not `connection=URL` with a known connection and an http or https address.
package struct InvalidExternalAddress: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was given.
  package let text: String
  /// The name in it, when no external connection is called so.
  package var unknownConnection: String?

  package var description: String {
    guard let unknownConnection else {
      return "`\(text)` is no external address; write it as public:npmjs=https://host/path/"
    }
    return "`\(text)` is no external address: \(UnknownConnection(name: unknownConnection))"
  }
}

/// What is said of a name that none of the ten connections has.
private struct UnknownConnection: CustomStringConvertible {
  let name: String

  var description: String {
    let names = ExternalConnection.allCases.map(\.rawValue).joined(separator: ", ")
    return
      "there is no external connection \(name.isEmpty ? "without a name" : name), only \(names)"
  }
}
