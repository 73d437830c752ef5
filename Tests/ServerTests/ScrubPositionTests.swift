import Catalog
import Foundation
import Testing

@testable import Server

@Suite("How far the store is verified")
struct ScrubPositionTests {
  private let path = FileManager.default.temporaryDirectory.appending(path: "scrub-\(UUID())").path

  @Test func `it is read as it was written, and what nobody wrote begins anew`() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(ScrubPosition(path: path) == nil)
    var position = ScrubPosition(startedAt: Timestamp(microseconds: 7))
    position.cursor = "3:8192"
    position.isLogDone = true
    (position.domain, position.key, position.byteCount) = (4, "ab", 5)
    try position.write(to: path)
    #expect(ScrubPosition(path: path) == position)
    try Data("nonsense".utf8).write(to: URL(fileURLWithPath: path))
    #expect(ScrubPosition(path: path) == nil)
  }

  @Test func `the next pass begins at the beginning, with the next share`() {
    var position = ScrubPosition(startedAt: Timestamp(microseconds: 7))
    position.isOver = true
    position.cursor = "3:8192"
    position.begin(at: Timestamp(microseconds: 9))
    #expect(position.passNumber == 1 && position.startedAt == 9)
    #expect(!position.isOver && !position.isLogDone && position.cursor == nil)
  }
}
