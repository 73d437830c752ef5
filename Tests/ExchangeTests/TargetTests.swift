import Bytes
import Exchange
import Testing

@Suite("Request target")
struct TargetTests {
  @Test func `an escaped slash is data, and a plus in a path is a plus`() {
    #expect(Target("/a%2Fb/c+d/").segments == ["a/b", "c+d", ""])
  }

  @Test(arguments: ["/%", "/%4", "/%zz", "/%ff"])
  func `a broken escape is no path`(text: String) {
    #expect(Target(text).segments == nil)
  }

  @Test func `a query keeps its order, its empty values and its plus signs`() throws {
    let query = try #require(Target("/x?b=1&a&c=%2F+%20").query)
    #expect(query.map(\.name) == ["b", "a", "c"])
    #expect(query.map(\.value) == ["1", "", "/+ "])
  }

  @Test func `unreserved characters alone go unescaped`() {
    #expect(PercentEncoding.encode("aZ0-._~/*é") == "aZ0-._~%2F%2A%C3%A9")
  }

  @Test func `a body longer than its reader allows is refused before it is kept`() async {
    await #expect(throws: BodyTooLong(limit: 3)) {
      try await RequestBody([1, 2, 3, 4]).collect(upTo: 3)
    }
  }
}
