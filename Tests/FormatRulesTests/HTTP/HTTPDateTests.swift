import FormatRules
import Testing

@Suite("Dates in headers")
struct HTTPDateTests {
  @Test func `a date is read as RFC 9110 writes it`() {
    #expect(UploadTime(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT")?.text == "1994-11-06T08:49:37Z")
    #expect(UploadTime(httpDate: "Thu, 29 Feb 2024 00:00:00 GMT")?.text == "2024-02-29T00:00:00Z")
  }

  @Test(arguments: [
    ("1994-11-06T08:49:37.999999Z", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ("2024-02-29T00:00:00Z", "Thu, 29 Feb 2024 00:00:00 GMT"),
    ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ("9999-12-31T23:59:59.5Z", "Fri, 31 Dec 9999 23:59:59 GMT"),
    ("1969-12-31T23:59:59Z", nil),
  ])
  func `a date is written so, without its fraction`(time: String, date: String?) throws {
    let time = try #require(UploadTime(time))
    #expect(time.httpDate == date)
    if let date { #expect(UploadTime(httpDate: date) == time.wholeSecond) }
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
