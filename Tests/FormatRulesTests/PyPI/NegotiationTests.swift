import FormatRules
import Testing

@Suite("Negotiation of PEP 691")
struct NegotiationTests {
  private static let json = "application/vnd.pypi.simple.v1+json"
  private static let html = "application/vnd.pypi.simple.v1+html"

  /// The headers that real clients send (pip, uv, poetry, curl, browsers) and the PEP's own.
  @Test(arguments: [
    ("\(json), \(html); q=0.1, text/html; q=0.01", SimpleRepresentation.json),
    ("\(json), \(html);q=0.2, text/html;q=0.01", .json), ("\(json), */*;q=0.1", .json),
    ("*/*", .legacyHTML), ("text/html", .legacyHTML), ("text/*", .legacyHTML),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", .legacyHTML),
    (html, .html), ("application/vnd.pypi.simple.latest+json", .json),
    ("application/vnd.pypi.simple.latest+html", .html), ("application/*", .html),
    ("\(json);q=0.5, \(html);q=0.6", .html), ("\(json);q=0.001", .json),
    ("APPLICATION/VND.pypi.simple.v1+JSON ; Q=1.0", .json),
    ("application/vnd.pypi.simple.v2+json, \(json);q=0.1", .json), ("nonsense, \(json)", .json),
    ("\(json);q=nonsense, text/html;q=0.9", .json),
  ])
  func `the client's favourite is chosen`(accept: String, expected: SimpleRepresentation) {
    #expect(SimpleRepresentation.negotiate(accept: [accept]) == expected)
  }

  @Test func `no header means HTML`() {
    #expect(SimpleRepresentation.negotiate(accept: []) == .legacyHTML)
    #expect(SimpleRepresentation.negotiate(accept: [""]) == .legacyHTML)
  }

  @Test(arguments: [
    "application/json", "\(json);q=0", "image/png, application/vnd.pypi.simple.v2+json",
    "text/html;q=0, text/plain", "*/*;q=0.000",
  ])
  func `when nothing fits there is no answer`(accept: String) {
    #expect(SimpleRepresentation.negotiate(accept: [accept]) == nil)
  }

  @Test func `several header lines are one list`() {
    #expect(SimpleRepresentation.negotiate(accept: ["text/html;q=0.1", Self.json]) == .json)
  }

  @Test func `content types are exact, and read without regard to parameters and case`() {
    #expect(SimpleRepresentation.json.contentType == Self.json)
    #expect(SimpleRepresentation.html.contentType == Self.html)
    #expect(SimpleRepresentation(contentType: "Text/HTML;charset=x") == .legacyHTML)
    #expect(SimpleRepresentation(contentType: "application/json") == nil)
    for representation in SimpleRepresentation.allCases {
      #expect(SimpleRepresentation(contentType: representation.contentType) == representation)
    }
  }
}
