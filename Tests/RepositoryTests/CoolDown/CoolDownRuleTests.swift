import Catalog
import FormatRules
import Testing

@testable import Repository

@Suite("Cool-down rules")
struct CoolDownRuleTests {
  private static let package = PackageCoordinates(format: .npm, namespace: "acme", name: "thing")
  private static let now = Timestamp(seconds: 1_000_000)

  private func coolDown(
    _ rule: CoolDownRule?,
    kept: Set<String> = []
  ) -> CoolDown? {
    CoolDown(rule, of: "build", for: Self.package, kept: kept)
  }

  private func opening(
    _ rule: CoolDownRule,
    kept: Set<String> = [],
    firstSeen: Timestamp?
  ) throws -> CoolDown.Opening {
    try #require(coolDown(rule, kept: kept)).opening(
      of: "1.0",
      version: "1.0",
      firstSeen: firstSeen
    )
  }

  @Test func `a version opens when it is as old as the rule says, to the microsecond`() throws {
    let rule = CoolDownRule(age: .seconds(60))
    let opening = try opening(rule, firstSeen: Self.now)
    #expect(opening == .at(Timestamp(seconds: 1_000_060)))
    #expect(!opening.isOpen(at: Timestamp(microseconds: 1_000_059_999_999)))
    #expect(opening.isOpen(at: Timestamp(seconds: 1_000_060)))
  }

  @Test func `what nobody knows the age of stays hidden`() throws {
    #expect(try opening(CoolDownRule(age: .seconds(1)), firstSeen: nil) == .never)
    #expect(try opening(CoolDownRule(freezeAt: Self.now), firstSeen: nil) == .never)
  }

  @Test func `a freeze hides what was seen after it for good, and nothing else`() throws {
    let rule = CoolDownRule(freezeAt: Self.now)
    #expect(try opening(rule, firstSeen: Self.now) == .always)
    #expect(try opening(rule, firstSeen: Self.now + .microseconds(1)) == .never)
  }

  @Test func `what is held or released is shown whatever its age, and under a freeze`() throws {
    var rule = CoolDownRule(age: .seconds(60), freezeAt: Timestamp(seconds: 1))
    #expect(try opening(rule, kept: ["1.0"], firstSeen: Self.now) == .always)
    #expect(try opening(rule, kept: ["1.1"], firstSeen: Self.now) == .never)
    rule.released = [VersionCoordinates(Self.package, "1.0")]
    #expect(try opening(rule, firstSeen: Self.now) == .always)
  }

  @Test func `a package that a pattern exempts has no rule, and none has without one`() throws {
    #expect(coolDown(nil) == nil)
    for (text, exempts) in [
      ("*", true), ("npm/@acme/*", true), ("npm/*", true), ("npm/@acme/thing", true),
      ("npm/@*/th*g", true), ("npm/acme/*", false), ("npm/@acme/thin", false),
      ("pypi/*", false), ("npm/@acme/thing*x", false), ("*/thing", true),
    ] {
      let pattern = try #require(PackagePattern(text))
      let rule = CoolDownRule(age: .seconds(1), exemptions: [pattern])
      #expect((coolDown(rule) == nil) == exempts, "\(text)")
    }
  }

  @Test(arguments: ["", "npm", "npm/", "acme/*", "npm/a b", "npm/a\n", "/npm/x"])
  func `a text that can match no package is no pattern`(text: String) {
    #expect(PackagePattern(text) == nil)
  }

  @Test func `of two rules the stricter wins`() {
    let (early, late) = (CoolDown.Opening.at(Self.now), CoolDown.Opening.at(Self.now + .seconds(1)))
    #expect(CoolDown.Opening.stricter(early, late) == late)
    #expect(CoolDown.Opening.stricter(late, .never) == .never)
    #expect(CoolDown.Opening.stricter(.always, early) == early)
    #expect(CoolDown.Opening.stricter(.always, .always) == .always)
  }

  @Test func `of a package that is met, the registry tells the ages; of a known one, the clock`() {
    let listed = [
      Sightings.Listed(name: "old", publishedAt: Timestamp(seconds: 10)),
      Sightings.Listed(name: "silent", publishedAt: nil),
      Sightings.Listed(name: "ahead", publishedAt: Timestamp(seconds: 2_000_000)),
    ]
    let changed = Timestamp(seconds: 500)
    let met = Sightings([]).news(in: listed, changedAt: changed, now: Self.now)
    #expect(met == ["old": Timestamp(seconds: 10), "silent": changed, "ahead": Self.now])
    let silent = Sightings([]).news(in: listed, changedAt: nil, now: Self.now)["silent"]
    #expect(silent == Self.now)
    let known = Sightings([Sighting(seenAt: Timestamp(seconds: 1), times: ["silent": changed])])
    let later = known.news(in: listed, changedAt: changed, now: Self.now)
    #expect(later == ["old": Self.now, "ahead": Self.now])
  }
}
