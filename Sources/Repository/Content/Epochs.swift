internal import Catalog

/// When things last changed, as far as memory that was derived from them must know: two counters
/// decide whether it still holds.
///
/// A change of a package moves the counter of its stripe, a change of anything larger that of its
/// domain. What is derived takes the mark **before** it reads and keeps it; a mark that is no
/// longer current means reading again. Two packages may share a stripe: that costs a reading, no
/// wrong answer.
struct Epochs: Sendable {
  struct Mark: Hashable, Sendable {
    fileprivate let domain: UInt64
    fileprivate let stripe: UInt64
  }

  private var domains: [DomainID: UInt64] = [:]
  private var stripes = [UInt64](repeating: 0, count: 4096)

  /// The mark that what is read from now on will carry.
  func mark(_ domain: DomainID, _ package: String) -> Mark {
    Mark(domain: domains[domain] ?? 0, stripe: stripes[index(domain, package)])
  }

  /// The mark for what is read from now on with the help of what was read under `older`: a change
  /// of the domain in between makes it one that is never current.
  func mark(_ domain: DomainID, _ package: String, under older: Mark) -> Mark {
    Mark(domain: older.domain, stripe: stripes[index(domain, package)])
  }

  /// Takes in that a domain changed: in one package, or as a whole when `package` is nil.
  mutating func change(_ domain: DomainID, _ package: String?) {
    if let package {
      stripes[index(domain, package)] += 1
    } else {
      domains[domain, default: 0] += 1
    }
  }

  private func index(_ domain: DomainID, _ package: String) -> Int {
    var hasher = Hasher()
    hasher.combine(domain)
    hasher.combine(package)
    return Int(UInt(bitPattern: hasher.finalize()) % UInt(stripes.count))
  }
}
