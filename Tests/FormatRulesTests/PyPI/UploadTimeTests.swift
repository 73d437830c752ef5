import FormatRules
import Testing

@Suite("Upload times")
struct UploadTimeTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:30:45Z", 951_827_445_000_000),
    ("2022-01-01T12:34:56.789012Z", 1_641_040_496_789_012),
    ("1969-12-31T23:59:59.5Z", -500_000), ("2024-12-31T23:59:59.123456789Z", 1_735_689_599_123_456),
    ("2024-06-01T02:00:00+02:00", 1_717_200_000_000_000),
    ("2024-05-31T19:00:00-0500", 1_717_200_000_000_000),
    ("2024-06-01 00:00:00", 1_717_200_000_000_000),
  ])
  func `instants are read`(text: String, microseconds: Int) {
    #expect(UploadTime(text)?.microseconds == Int64(microseconds))
  }

  @Test(arguments: [
    "", "2024", "2024-13-01T00:00:00Z", "2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z",
    "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00.1234567890Z", "2024-01-01T00:00:00Zz",
    "24-01-01T00:00:00Z", "2024-01-01T00:00:00+0", "2024-00-10T00:00:00Z",
  ])
  func `what is no instant is nothing`(text: String) {
    #expect(UploadTime(text) == nil)
  }

  @Test func `a written instant reads as itself`() {
    let seed = UInt64.random(in: 1 ... .max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let time = UploadTime(
        microseconds: .random(
          in: -62_135_596_800_000_000..<253_402_300_800_000_000,
          using: &generator
        )
      )
      #expect(UploadTime(time.text) == time)
    }
  }

  @Test func `a fraction is written when there is one`() {
    #expect(UploadTime(microseconds: 1_641_040_496_000_000).text == "2022-01-01T12:34:56Z")
    #expect(UploadTime(microseconds: 1_641_040_496_000_012).text == "2022-01-01T12:34:56.000012Z")
  }
}
