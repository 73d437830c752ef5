/// Whether one road into a package is open (`AllowPublish`, `AllowUpstream`).
package enum OriginControl: String, CaseIterable, Sendable {
  case allow = "ALLOW"
  case block = "BLOCK"
}

/// Which roads new versions of a package may take into one repository.
package struct OriginRestrictions: Hashable, Sendable {
  /// Direct publishing to this repository.
  package var publish: OriginControl
  /// Ingestion from external connections and retention from internal upstreams.
  package var upstream: OriginControl

  package init(publish: OriginControl, upstream: OriginControl) {
    self.publish = publish
    self.upstream = upstream
  }
}
