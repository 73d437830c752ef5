import BlobEngine
import Testing

/// Hostile bytes: what the fuzzer kept, and mutations by seed.
///
/// For each: no decoder traps, and what one accepts it writes again as the very same bytes. The
/// second is the sharper: a field that was misread, ignored or bent would not come back.
@Suite("Hostile bytes")
struct CorpusTests {
  @Test(arguments: DecoderUnderTest.allCases)
  func `every decoder bears every file of the saved corpus`(decoder: DecoderUnderTest) throws {
    var count = 0
    for folder in FormatFiles.names(in: FormatFiles.folder + "/Corpus") {
      for name in FormatFiles.names(in: FormatFiles.folder + "/Corpus/\(folder)") {
        let path = FormatFiles.folder + "/Corpus/\(folder)/\(name)"
        var input = try #require(FormatFiles.read(path))
        judge(decoder.run(input), of: input, "\(folder)/\(name)")
        decoder.repair(&input)
        judge(decoder.run(input), of: input, "\(folder)/\(name), mended")
        count += 1
      }
    }
    #expect(count >= 50, "the corpus is there")
  }

  @Test(arguments: DecoderUnderTest.allCases)
  func `mutations with checksums made right are refused or read faithfully`(
    decoder: DecoderUnderTest
  ) {
    let seed = FormatGenerator.makeSeed(for: "mutations of \(decoder.rawValue)")
    var generator = FormatGenerator(seed: seed)
    let example = decoder.example
    var accepted = 0
    for round in 0..<400 {
      var input = example
      Mutation.apply(to: &input, using: &generator)
      if !generator.chance(1, in: 8) { decoder.repair(&input) }
      let verdict = decoder.run(input)
      if case .accepted = verdict { accepted += 1 }
      judge(verdict, of: input, "seed \(seed), round \(round)")
    }
    // Mutations that were all refused would prove little: the checksums were not made right.
    #expect(accepted > 0)
    #expect(accepted < 400)
  }

  @Test(arguments: DecoderUnderTest.allCases)
  func `every cut is refused`(decoder: DecoderUnderTest) {
    let example = decoder.example
    let step = max(1, example.count / 512)
    for count in stride(from: 0, to: example.count, by: step) {
      let input = Array(example[..<count])
      judge(decoder.run(input), of: input, "cut to \(count)")
    }
  }

  @Test(arguments: DecoderUnderTest.allCases.filter { $0 != .recordExtension && $0 != .election })
  func `no flipped bit gets past the checksums`(decoder: DecoderUnderTest) {
    // Of a record's 192 bytes the last six are padding, which its batch covers; of a segment the
    // batch in its second page, which the reader by footer does not look at.
    let example = decoder.example
    let covered = decoder == .record ? 0..<186 : 0..<example.count
    let step = max(1, covered.count / 1500)
    for position in stride(from: covered.lowerBound, to: covered.upperBound, by: step) {
      if decoder == .segment, (4096..<8192).contains(position) { continue }
      var input = example
      input[position] ^= 1 << UInt8(position % 8)
      guard case .refused = decoder.run(input) else {
        Issue.record("\(decoder.rawValue): a flipped bit at \(position) was accepted")
        return
      }
    }
  }

  private func judge(_ verdict: Verdict, of input: [UInt8], _ name: String) {
    switch verdict {
    case .refused(let error): #expect(!error.description.isEmpty)
    case .accepted(again: nil): break
    case .accepted(again: .some(let again)):
      #expect(again == input, "\(name): accepted, but written again differently")
    }
  }
}
