// The door through which libFuzzer reaches the decoders of the on-disk format.
//
// Built by `tools/fuzz/run` together with the sources of Bytes, Codec's checksums, the format and
// the door that the ordinary tests use. `LARDER_FUZZ` names the decoder.

import BlobEngine
import Glibc

@_silgen_name("LLVMFuzzerMutate")
func mutate(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int) -> Int

private let decoder = DecoderUnderTest(
  rawValue: FormatGenerator.environment("LARDER_FUZZ") ?? "superblock"
)

/// Whether inputs are made right again after a mutation: on unless `LARDER_FUZZ_RAW` is set.
private let mends = FormatGenerator.environment("LARDER_FUZZ_RAW") == nil

/// Traps on what no decoder may do.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard let decoder else { fatalError("LARDER_FUZZ names no decoder") }
  let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  if case .accepted(again: .some(let again)) = decoder.run(input), again != input {
    fatalError("\(decoder.rawValue) accepted bytes that it writes again differently")
  }
  return 0
}

/// Mutates as libFuzzer would, or as the ordinary tests do, and makes the checksums right.
@_cdecl("LLVMFuzzerCustomMutator")
public func customMutator(
  _ data: UnsafeMutablePointer<UInt8>,
  _ count: Int,
  _ room: Int,
  _ seed: CUnsignedInt
) -> Int {
  guard let decoder else { return 0 }
  var input: [UInt8]
  if seed % 2 == 0 {
    let grown = unsafe mutate(data, count, room)
    input = unsafe Array(UnsafeBufferPointer(start: data, count: grown))
  } else {
    var generator = FormatGenerator(seed: UInt64(seed))
    input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    Mutation.apply(to: &input, using: &generator)
  }
  if mends { decoder.repair(&input) }
  let kept = min(input.count, room)
  for index in 0..<kept { unsafe data[index] = input[index] }
  return kept
}
