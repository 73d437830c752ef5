import Testing

@testable import BlobEngine

@Suite("Time marks")
struct TimeMarksTests {
  @Test func `a moment counts as earlier than it was, by a mark's distance at most`() {
    var marks = TimeMarks(density: 4)
    for second in UInt64(0)...100 {
      marks.note(second * 1_000, sequence: 10 * second, span: 40_000)
    }
    for second in UInt64(60)...100 {
      let found = marks.sequence(at: second * 1_000)
      #expect(found <= 10 * second && found + 100 >= 10 * second, "\(second): \(found)")
    }
    #expect(marks.marks.count <= 6, "what is older than the span is dropped")
    #expect(marks.sequence(at: 1_000) == 0)
  }

  @Test func `what any mark calls younger is younger, whichever clock was right`() {
    var marks = TimeMarks(density: 4)
    marks.add(50_000, sequence: 100)
    marks.add(90_000, sequence: 200)
    // The clock was set back by a minute.
    marks.add(31_000, sequence: 300)
    marks.add(45_000, sequence: 400)
    marks.sort()
    #expect(marks.sequence(at: 46_000) == 100)
    #expect(marks.sequence(at: 60_000) == 100)
    #expect(marks.sequence(at: 95_000) == 200)
    #expect(marks.sequence(at: 30_000) == 0)
  }
}
