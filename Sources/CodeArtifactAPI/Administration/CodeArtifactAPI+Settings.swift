import Access
import Catalog
import Exchange
import FormatRules
import Repository

extension CodeArtifactAPI {
  /// Does what a call of this server's own asks.
  func perform(
    _ administration: AdministrationCall,
    _ call: inout Call
  ) async throws(Fault) -> Reply {
    switch administration {
    case .getRepositorySettings: .json(try await getRepositorySettings(&call))
    case .putRepositorySettings: .json(try await putRepositorySettings(&call))
    case .refreshRepository: .json(try await refreshRepository(&call))
    }
  }

  private func getRepositorySettings(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.repository()
    try call.input.finish()
    try await authorize(call, to: AdministrationCall.getRepositorySettings.action, on: arn(path))
    let settings = try await depotCall { () throws(RepositoryError) in
      try await depot.settings(of: path)
    }
    return settings.reply
  }

  /// Changes the settings that the body names, each to its value or, for null, to what it was
  /// before anyone set it; what it does not name stays.
  private func putRepositorySettings(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.repository()
    let change = SettingsChange(&call.input)
    try call.input.finish()
    try await authorize(call, to: AdministrationCall.putRepositorySettings.action, on: arn(path))
    let settings = try await depotCall { () throws(RepositoryError) in
      try await depot.changeSettings(of: path) { settings throws(RepositoryError) in
        change.apply(to: &settings)
      }
    }
    return settings.reply
  }
}

extension CodeArtifactAPI {
  /// Makes documents of public registries be asked for again on their next use: those of the
  /// package that is named, or all.
  private func refreshRepository(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.repository()
    let package = call.packageIfNamed()
    try call.input.finish()
    try await authorize(call, to: AdministrationCall.refreshRepository.action, on: arn(path))
    try await depotCall { () throws(RepositoryError) in
      try await depot.refresh(package, in: path)
    }
    return .object([])
  }
}

extension Call {
  /// The package in question, when the call names one.
  fileprivate mutating func packageIfNamed() -> PackageCoordinates? {
    guard input.names("format") || input.names("namespace") || input.names("package") else {
      return nil
    }
    var package = package().coordinates
    if package.format == .pypi, let name = ProjectName(package.name) {
      package.name = name.normalized
    }
    return package
  }
}

extension RepositorySettings {
  /// The settings as calls answer with them: each member there is, null for what nobody set.
  ///
  /// Durations are seconds, times RFC 3339 in UTC.
  var reply: JSONValue {
    .object([
      .init("freshness", freshness.map { .number(Self.seconds($0)) } ?? .null),
      .init("offline", .bool(isOffline)),
      .init("coolDown", coolDown?.reply ?? .null),
    ])
  }

  /// Seconds with as many digits of fraction as there are, at most six.
  static func seconds(_ duration: Duration) -> String {
    let (seconds, rest) = duration.components
    let fraction = rest / 1_000_000_000_000
    guard fraction > 0 else { return String(seconds) }
    let digits = String(fraction)
    var text = "\(seconds)." + String(repeating: "0", count: 6 - digits.utf8.count) + digits
    while text.hasSuffix("0") { text.removeLast() }
    return text
  }
}

extension CoolDownRule {
  fileprivate var reply: JSONValue {
    let freeze = freezeAt.map { UploadTime(microseconds: $0.microseconds).text }
    return .object([
      .init("age", .number(RepositorySettings.seconds(age))),
      .init("exemptions", .array(exemptions.map { .string($0.text) })),
      .init("released", .array(released.map(\.description).sorted().map { .string($0) })),
      .init("freezeAt", freeze.map { .string($0) } ?? .null),
    ])
  }
}
