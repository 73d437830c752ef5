import Testing

@testable import BlobEngine

@Suite("Slots")
struct SlotTableTests {
  /// Bytes of callers would otherwise get the next slot that the file system has room for.
  @Test func `a file system that was full has room again once the reserve is whole`() throws {
    var slots = SlotTable(slotLimit: 100)
    slots.include(3)
    slots.ranOutOfSpace()
    for number in 0..<UInt32(SlotTable.reserve) {
      slots.foundSpace()
      #expect(slots.isOutOfSpace, "\(number) slots are free")
      #expect(slots.claim(leaving: Int(number)) == nil)
      slots[number].state = .free
    }
    slots.foundSpace()
    #expect(!slots.isOutOfSpace)
    #expect(slots.claim(leaving: SlotTable.reserve) == UInt32(SlotTable.reserve))
  }
}
