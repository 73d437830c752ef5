import Access
import Catalog
import Exchange
import FormatRules
import Repository

/// Where a repository's packages come from, and where its clients go.
extension CodeArtifactAPI {
  func associateExternalConnection(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (path, connection) = call.connection()
    try call.input.finish()
    try await authorize(call, to: .associateExternalConnection, on: arn(path))
    let repository = try await depotCall { () throws(RepositoryError) in
      try await depot.associateExternalConnection(connection, with: path)
    }
    return reply(repository)
  }

  func disassociateExternalConnection(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (path, connection) = call.connection()
    try call.input.finish()
    try await authorize(call, to: .disassociateExternalConnection, on: arn(path))
    let repository = try await depotCall { () throws(RepositoryError) in
      try await depot.disassociateExternalConnection(connection, from: path)
    }
    return reply(repository)
  }

  /// Answers with the path form, which needs no name of its own for each domain: the base is the
  /// one by which the caller reached us, and both types of endpoint are the same.
  func getRepositoryEndpoint(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.repository()
    let format = call.input.required("format", member: "format", oneOf: PackageFormat.self)
    _ = call.input.optional("endpointType", member: "endpointType", oneOf: EndpointType.self)
    try call.input.finish()
    try await authorize(call, to: .getRepositoryEndpoint, on: arn(path))
    _ = try await depotCall { () throws(RepositoryError) in
      try await depot.describeRepository(path)
    }
    // A call without a format did not get past `finish`.
    let place = "\(format?.rawValue ?? "")/d/\(path.domain)-\(path.owner)/\(path.repository)/"
    return .members(["repositoryEndpoint": .string("\(call.base)/\(place)")])
  }
}

/// The model's `EndpointType`.
private enum EndpointType: String, CaseIterable {
  case dualstack, ipv4
}

extension Call {
  fileprivate mutating func connection() -> (RepositoryPath, name: String) {
    let path = repository()
    let name = input.required(
      "external-connection",
      member: "externalConnection",
      .externalConnectionName
    )
    return (path, name)
  }
}
