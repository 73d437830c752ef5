/// How far a destination of events has come with one domain.
package struct EventPosition: Hashable, Sendable {
  package let domainID: DomainID
  /// The account that owns the domain, which may be deleted by now.
  package let owner: String
  package let domain: String
  /// The serial of the domain's last change.
  package let serial: Int64
  /// The serial of the last change that was delivered; 0 when none was.
  package let delivered: Int64

  /// Whether there is something to deliver.
  package var isBehind: Bool { delivered < serial }
}
