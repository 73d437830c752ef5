/// The parts of a PEP 440 version.
struct StandardVersion: Sendable {
  enum Phase: String, Comparable, Sendable {
    case alpha = "a"
    case beta = "b"
    case candidate = "rc"

    static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
  }

  struct PreRelease: Hashable, Sendable {
    var phase: Phase
    var number: Numeral
  }

  /// A local version's segment; numbers sort after words.
  enum LocalSegment: Hashable, Comparable, Sendable {
    case word(String)
    case number(Numeral)

    var text: String {
      switch self {
      case .word(let word): word
      case .number(let number): number.text
      }
    }
  }

  var epoch = Numeral.zero
  /// As written, trailing zeros and all: the normal form keeps them, the order does not.
  var release: [Numeral] = []
  var preRelease: PreRelease?
  var postRelease: Numeral?
  var development: Numeral?
  var local: [LocalSegment] = []

  /// The release without trailing zeros, which mean nothing: `1.0` is `1.0.0`.
  private var significantRelease: ArraySlice<Numeral> {
    var release = release[...]
    while release.last == .zero { release.removeLast() }
    return release
  }

  /// The version spelt as PEP 440 wants it.
  var normalized: String {
    var text = epoch == .zero ? "" : epoch.text + "!"
    text += release.map(\.text).joined(separator: ".")
    if let preRelease { text += preRelease.phase.rawValue + preRelease.number.text }
    if let postRelease { text += ".post" + postRelease.text }
    if let development { text += ".dev" + development.text }
    if !local.isEmpty { text += "+" + local.map(\.text).joined(separator: ".") }
    return text
  }
}

extension StandardVersion: Hashable {
  static func == (left: StandardVersion, right: StandardVersion) -> Bool {
    left.epoch == right.epoch && left.significantRelease == right.significantRelease
      && left.preRelease == right.preRelease && left.postRelease == right.postRelease
      && left.development == right.development && left.local == right.local
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(epoch)
    hasher.combine(significantRelease)
    hasher.combine(preRelease)
    hasher.combine(postRelease)
    hasher.combine(development)
    hasher.combine(local)
  }
}

extension StandardVersion: Comparable {
  /// PEP 440, "Summary of permitted suffixes and relative ordering": within one release come
  /// development versions, then pre-releases, the release itself, and post-releases; within each
  /// of these again its development version first, and local versions last.
  static func < (left: StandardVersion, right: StandardVersion) -> Bool {
    if left.epoch != right.epoch { return left.epoch < right.epoch }
    let (leftRelease, rightRelease) = (left.significantRelease, right.significantRelease)
    if leftRelease != rightRelease {
      return leftRelease.lexicographicallyPrecedes(rightRelease)
    }
    if left.stage != right.stage { return left.stage < right.stage }
    if left.postRelease != right.postRelease {
      return isBefore(left.postRelease, right.postRelease, nilFirst: true)
    }
    if left.development != right.development {
      return isBefore(left.development, right.development, nilFirst: false)
    }
    return left.local.lexicographicallyPrecedes(right.local)
  }

  /// Where a version stands within its release.
  private enum Stage: Comparable {
    /// A development version of the release itself precedes every pre-release.
    case development
    case preRelease(Phase, Numeral)
    case release
  }

  private var stage: Stage {
    if let preRelease { return .preRelease(preRelease.phase, preRelease.number) }
    return postRelease == nil && development != nil ? .development : .release
  }

  private static func isBefore(_ left: Numeral?, _ right: Numeral?, nilFirst: Bool) -> Bool {
    switch (left, right) {
    case (let left?, let right?): left < right
    case (nil, _?): nilFirst
    case (_?, nil): !nilFirst
    case (nil, nil): false
    }
  }
}
