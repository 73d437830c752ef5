import FormatRules
import Testing

@Suite("Dates in headers")
struct HTTPDateTests {
  @Test func `a date is read as RFC 9110 writes it`() {
    #expect(UploadTime(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT")?.text == "1994-11-06T08:49:37Z")
    #expect(UploadTime(httpDate: "Thu, 29 Feb 2024 00:00:00 GMT")?.text == "2024-02-29T00:00:00Z")
  }

  @Test(arguments: [
    "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT",
    "Sun, 06 nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:49:37 GMT", "Sun,  06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z",
  ])
  func `anything else is no date`(text: String) {
    #expect(UploadTime(httpDate: text) == nil)
  }
}
