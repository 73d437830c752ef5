import BlobEngine
import Simulation
import Testing

@Suite("The ledger of the tortures")
struct LedgerTests {
  private let recipe = BlobRecipe(byteCount: 100)

  @Test func `expects an acknowledged put, before and after a crash`() {
    var ledger = Ledger()
    let stamp = ledger.beginPut(recipe)
    #expect(ledger.expectation(of: recipe) == .either)
    ledger.endPut(recipe, stamp, .flushed)
    #expect(ledger.expectation(of: recipe) == .present)
    #expect(ledger.expectationAfterCrash(of: recipe) == .present)
  }

  @Test func `expects a relaxed put until a crash`() {
    var ledger = Ledger()
    ledger.endPut(recipe, ledger.beginPut(recipe), .relaxed)
    #expect(ledger.expectation(of: recipe) == .present)
    #expect(ledger.expectationAfterCrash(of: recipe) == .either)
  }

  @Test func `does not weaken a flushed put by a relaxed one of the same bytes`() {
    var ledger = Ledger()
    ledger.endPut(recipe, ledger.beginPut(recipe), .flushed)
    ledger.endPut(recipe, ledger.beginPut(recipe), .relaxed)
    #expect(ledger.expectationAfterCrash(of: recipe) == .present)
  }

  @Test func `expects nothing of a put that failed`() {
    var ledger = Ledger()
    ledger.endPut(recipe, ledger.beginPut(recipe), nil)
    #expect(ledger.expectation(of: recipe) == .either)
    #expect(ledger.expectationAfterCrash(of: recipe) == .either)
  }

  @Test func `expects an acknowledged delete`() {
    var ledger = Ledger()
    ledger.endPut(recipe, ledger.beginPut(recipe), .flushed)
    let stamp = ledger.beginDelete(recipe)
    #expect(ledger.expectationAfterCrash(of: recipe) == .either)
    ledger.endDelete(recipe, stamp, succeeded: true)
    #expect(ledger.expectationAfterCrash(of: recipe) == .absent)
  }

  @Test func `lets a put and a delete at once end either way, until somebody looks`() {
    var ledger = Ledger()
    let put = ledger.beginPut(recipe)
    let delete = ledger.beginDelete(recipe)
    ledger.endPut(recipe, put, .flushed)
    ledger.endDelete(recipe, delete, succeeded: true)
    #expect(ledger.expectation(of: recipe) == .either)
    ledger.settle(recipe, isPresent: false)
    #expect(ledger.expectation(of: recipe) == .absent)
    #expect(ledger.expectationAfterCrash(of: recipe) == .absent)
  }

  @Test func `knows nothing of what was never put`() {
    #expect(Ledger().expectation(of: recipe) == .absent)
  }
}
