import Testing

@testable import Catalog

@Suite("Values of the catalog")
struct ValueTests {
  @Test(arguments: ["", "a", "ab", "\u{E9}", "a\u{D7FF}", "a\u{10FFFF}", "\u{10FFFF}"])
  func `a range of a prefix holds what begins with it and nothing else`(prefix: String) {
    let range = PrefixRange(prefix)
    let texts = [
      "", "a", "aa", "ab", "abc", "b", "e\u{301}", "\u{E9}", "\u{E9}z", "a\u{D7FF}", "a\u{D7FF}b",
      "a\u{E000}", "a\u{10FFFF}", "a\u{10FFFF}c", "\u{10FFFF}", "\u{10FFFF}\u{10FFFF}", "z",
    ]
    for text in texts {
      let isInside =
        !text.utf8.lexicographicallyPrecedes(range.lowerBound.utf8)
        && text.utf8.lexicographicallyPrecedes(range.upperBound.utf8)
      #expect(isInside == text.utf8.starts(with: prefix.utf8), "\(text) in \(prefix)")
    }
  }

  @Test func `JSON is escaped where it must be and nowhere else`() {
    let value = JSONText.object([
      ("a\"b", .string("\\\n\u{1F}/é")), ("n", .integer(-5)), ("x", .null),
      ("l", .array([.string(""), .object([])])),
    ])
    #expect(
      value.text
        == #"{"a\"b":"\\\u000a\u001f/é","n":-5,"x":null,"l":["",{}]}"#
    )
  }

  @Test func `time is counted in microseconds`() {
    let time = Timestamp(seconds: 10) + .milliseconds(1500) + .nanoseconds(999)
    #expect(time.microseconds == 11_500_000)
    #expect(time.seconds == 11.5)
    #expect(time - Timestamp(seconds: 10) == .milliseconds(1500))
    #expect(Timestamp(seconds: -1) < Timestamp(seconds: 0))
  }

  @Test func `each external connection has the format that the service gives it`() {
    #expect(ExternalConnection.allCases.count == 10)
    #expect(ExternalConnection(rawValue: "public:npmjs")?.format == .npm)
    #expect(ExternalConnection(rawValue: "public:pypi")?.format == .pypi)
    #expect(ExternalConnection(rawValue: "public:nuget-org")?.format == .nuget)
    #expect(ExternalConnection(rawValue: "public:ruby-gems-org")?.format == .ruby)
    #expect(ExternalConnection(rawValue: "public:crates-io")?.format == .cargo)
    let maven = ExternalConnection.allCases.filter { $0.format == .maven }
    #expect(maven.count == 5)
  }

  @Test func `formats are listed in the order of their words`() {
    let words = PackageFormat.allCases.map(\.rawValue)
    #expect(words == words.sorted())
  }
}
