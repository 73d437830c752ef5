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

  @Test(arguments: [
    (["zstd"], true), (["gzip, deflate, br, zstd"], true), (["gzip", "ZSTD;q=0.001"], true),
    (["identity, zstd"], true), (["identity;q=0, zstd;q=0.1"], true), (["*;q=0, zstd"], true),
    (["zstd;q=0"], false), (["zstd;q=0.000, *"], false), (["zstd;q=0.5, identity"], false),
    (["zstd;q=0.5, identity;q=0.6"], false), (["zstd;q=0.5, *;q=0.6"], false), (["*"], false),
    (["gzip"], false), (["identity"], false), ([""], false), ([], false), (["zstandard"], false),
  ])
  func `a coding that few know is preferred when it is named, and not behind none`(
    values: [String],
    isPreferred: Bool
  ) {
    #expect(AcceptEncoding(values).prefers("zstd") == isPreferred)
  }

  @Test func `without the header nothing is taken`() {
    #expect(!AcceptEncoding([]).takes("gzip"))
  }
}
