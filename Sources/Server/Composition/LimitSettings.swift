package import Repository

/// How many there may be of what, and how often who may call what.
package struct LimitSettings: Sendable {
  /// What the quotas are called, and what each of them sets.
  private static let names: [String: @Sendable (inout LimitSettings, UInt64) -> Void] = [
    "asset-size": { $0.assetByteLimit = $1 },
    "assets-per-version": { $0.quotas.assetsPerVersion = Int(clamping: $1) },
    "direct-upstreams": { $0.quotas.upstreamsPerRepository = Int(clamping: $1) },
    "domains-per-account": { $0.quotas.domainsPerAccount = Int(clamping: $1) },
    "package-groups-per-domain": { $0.quotas.packageGroupsPerDomain = Int(clamping: $1) },
    "repositories-per-domain": { $0.quotas.repositoriesPerDomain = Int(clamping: $1) },
    "searched-repositories": { $0.quotas.searchedRepositories = Int(clamping: $1) },
    "tags-per-resource": { $0.quotas.tagsPerResource = Int(clamping: $1) },
  ]

  /// The word that stands for all rates of the service.
  private static let serviceRates = "service"

  package private(set) var quotas = Quotas()
  /// The largest asset, in bytes; nil leaves the service's 5 GB.
  package private(set) var assetByteLimit: UInt64?
  package private(set) var throttle = ThrottleRules()

  /// Reads `NAME=VALUE` and `NAME=RATE[:BURST]`; of the same name the last one counts.
  ///
  /// - Throws: ``SettingsError`` for the first that makes no sense.
  init(quotas: [String], throttles: [String]) throws(SettingsError) {
    for text in quotas { try set(quota: text) }
    for text in throttles { try set(throttle: text) }
  }

  private mutating func set(quota text: String) throws(SettingsError) {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, let setter = Self.names[String(sides[0])],
      let value = ByteCountSetting.parse(sides[1]), value > 0
    else {
      let names = Self.names.keys.sorted().joined(separator: ", ")
      throw SettingsError(
        "quota",
        text,
        expected: "NAME=VALUE, such as asset-size=5GB, a number above 0, with a name of \(names)"
      )
    }
    setter(&self, value)
  }

  private mutating func set(throttle text: String) throws(SettingsError) {
    guard text != Self.serviceRates else {
      throttle.rates.merge(ThrottleRules.service.rates) { _, new in new }
      return
    }
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = sides.last?.split(separator: ":", omittingEmptySubsequences: false) ?? []
    guard sides.count == 2, let scope = ThrottleRules.Scope(String(sides[0])),
      (1...2).contains(numbers.count), let perSecond = Double(numbers[0]),
      case let burst = numbers.count > 1 ? Double(numbers[1]) : nil,
      numbers.count == 1 || burst != nil,
      let rate = TokenBucket.Rate(perSecond: perSecond, burst: burst)
    else {
      throw SettingsError(
        "throttle",
        text,
        expected: "NAME=RATE[:BURST], such as reads=800, calls a second and at once above 0, with "
          + "reads, writes, token, address or an operation's name; or the word service"
      )
    }
    throttle.rates[scope] = rate
  }
}

/// A number of bytes as people write it: `500`, `64KB`, `5GB`, `10GiB`; K is 1024, as for AWS.
enum ByteCountSetting {
  static func parse(_ text: some StringProtocol) -> UInt64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = UInt64(digits) else { return nil }
    let shift: UInt64
    switch text.dropFirst(digits.count).uppercased() {
    case "", "B": shift = 0
    case "K", "KB", "KIB": shift = 10
    case "M", "MB", "MIB": shift = 20
    case "G", "GB", "GIB": shift = 30
    case "T", "TB", "TIB": shift = 40
    default: return nil
    }
    let (value, isTooMuch) = number.multipliedReportingOverflow(by: 1 << shift)
    return isTooMuch ? nil : value
  }
}
