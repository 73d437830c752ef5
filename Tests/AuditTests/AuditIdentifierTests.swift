import Testing

@testable import Audit

@Suite("Names of records")
struct AuditIdentifierTests {
  /// RFC 9562 section 5.4.
  @Test func `each is a version 4 UUID of its own`() {
    var identifiers = AuditIdentifiers()
    let names = (0..<1000).map { _ in identifiers.next() }
    let form = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
    #expect(names.allSatisfy { $0.wholeMatch(of: form) != nil }, "\(names[0])")
    #expect(Set(names).count == 1000)
    // Every digit is drawn, in every place but the two that are given.
    let digits = Array("0123456789abcdef")
    for place in [0, 7, 9, 15, 20, 24, 35] {
      #expect(Set(names.map { Array($0)[place] }) == Set(digits), "place \(place)")
    }
  }
}
