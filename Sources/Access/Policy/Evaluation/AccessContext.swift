/// What a request says beside who wants what: the values of condition keys that come with it.
package struct AccessContext: Hashable, Sendable {
  /// `aws:SourceIp`: the address the request came from.
  package var sourceAddress: String?
  /// `aws:UserAgent`: what the client calls itself.
  package var userAgent: String?
  /// `aws:SecureTransport`: whether it came through TLS.
  package var isSecure: Bool?
  /// `aws:CurrentTime` and `aws:EpochTime`, in microseconds since 1970; nil has the depot's clock
  /// fill it in.
  package var microseconds: Int64?
  /// `aws:RequestTag/…` and `aws:TagKeys`: the tags that the request would set, or the keys of
  /// those it would take away, with no value.
  package var requestTags: [String: String?] = [:]
  /// `aws:ResourceTag/…`: the tags that the resource has.
  package var resourceTags: [String: String] = [:]
  /// Values of other keys, such as `sts:DurationSeconds`, under their names in small letters.
  package var others: [String: [String]] = [:]

  package init(
    sourceAddress: String? = nil,
    userAgent: String? = nil,
    isSecure: Bool? = nil,
    microseconds: Int64? = nil
  ) {
    self.sourceAddress = sourceAddress
    self.userAgent = userAgent
    self.isSecure = isSecure
    self.microseconds = microseconds
  }

  /// The context with one more value.
  package func adding(_ key: String, _ value: String) -> AccessContext {
    var context = self
    context.others[ConditionKey.canonical(key), default: []].append(value)
    return context
  }

  /// The values of a key, canonical.
  func values(of key: String) -> [String] {
    switch key {
    case "aws:sourceip": return sourceAddress.map { [$0] } ?? []
    case "aws:useragent": return userAgent.map { [$0] } ?? []
    case "aws:securetransport": return isSecure.map { [String($0)] } ?? []
    case "aws:currenttime": return microseconds.map { [PolicyTime.text($0)] } ?? []
    case "aws:epochtime": return microseconds.map { [String($0 / 1_000_000)] } ?? []
    case "aws:tagkeys": return requestTags.keys.sorted()
    default: break
    }
    if let value = Self.value(requestTags.compactMapValues(\.self), key, ConditionKey.requestTag)
      ?? Self.value(resourceTags, key, ConditionKey.resourceTag)
    {
      return [value]
    }
    return others[key] ?? []
  }

  /// Finds the tag that `key` names behind a prefix; the case of its name does not count.
  static func value(_ tags: [String: String], _ key: String, _ prefix: String) -> String? {
    guard key.hasPrefix(prefix) else { return nil }
    let name = key.dropFirst(prefix.count)
    let found = tags.filter { $0.key.lowercased() == name }
    // Tags themselves are told apart by case; of two that agree here, the first in order counts.
    return found.min { $0.key < $1.key }?.value
  }
}
