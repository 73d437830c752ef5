/// The data key of a domain, as a master key has wrapped it.
package struct DomainKeyRecord: Hashable, Sendable {
  package let domainID: DomainID
  /// Names the master key that unwraps it.
  package let master: String
  /// The data key, which only that master key opens.
  package let wrapped: [UInt8]
  /// How often the key was wrapped anew; 1 at first.
  package let generation: Int64
  package let wrappedAt: Timestamp
}
