import Testing

@testable import FormatRules

@Suite("Accept-Encoding")
struct AcceptEncodingTests {
  @Test(arguments: [
    (["gzip"], true), (["deflate, GZip;q=0.5"], true), (["br", "gzip"], true), (["*"], true),
    (["gzip;q=0"], false), (["*, gzip;q=0"], false), (["identity"], false), ([""], false),
    (["gzip; q=0.000"], false), (["gzip;q=broken"], true), (["x-gzip"], false),
  ])
  func `a coding is taken when it is named with a weight`(values: [String], takes: Bool) {
    #expect(AcceptEncoding(values).takes("gzip") == takes)
  }

  @Test func `without the header nothing is taken`() {
    #expect(!AcceptEncoding([]).takes("gzip"))
  }
}
