import Access
import Testing

@Suite("Signing time")
struct SigningTimeTests {
  @Test(
    arguments: [
      ("19700101T000000Z", 0), ("20150830T123600Z", 1_440_938_160),
      ("20000229T235959Z", 951_868_799), ("21000301T000000Z", 4_107_542_400),
      ("19691231T235959Z", -1), ("20240229T000000Z", 1_709_164_800),
    ] as [(String, Int64)]
  )
  func `text and seconds agree`(text: String, seconds: Int64) {
    #expect(SigningTime(text)?.secondsSinceEpoch == seconds)
    #expect(SigningTime(secondsSinceEpoch: seconds).text == text)
  }

  @Test(arguments: [
    "", "20150830", "20150830T123600", "2015-08-30T12:36:00Z", "20151330T123600Z",
    "20150230T000000Z", "20230229T000000Z", "20150830T243600Z", "20150830T126000Z",
    "2015083OT123600Z", "20150800T000000Z",
  ])
  func `what is no moment is none`(text: String) {
    #expect(SigningTime(text) == nil)
  }

  @Test func `every day of four centuries survives the trip`() {
    for day in Int64(0)..<146_097 {
      let time = SigningTime(secondsSinceEpoch: day * 86_400 + 86_399)
      guard SigningTime(time.text) == time else {
        Issue.record("day \(day) reads back differently")
        return
      }
    }
  }
}
