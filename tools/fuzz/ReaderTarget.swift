// The door through which libFuzzer reaches the readers of what strangers send.
//
// Built by `tools/fuzz/run` together with FormatRules. `LARDER_FUZZ` names the reader, and
// `LARDER_FUZZ_SEEDS` a folder that its example is written into first.

import FormatRules
import Glibc

private let reader = environment("LARDER_FUZZ").flatMap { ReaderUnderTest(rawValue: $0) }

private func environment(_ name: String) -> String? {
  // SAFETY: nobody changes the environment while the fuzzer runs.
  unsafe getenv(name).map { unsafe String(cString: $0) }
}

/// Writes the example.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutableRawPointer, _ words: UnsafeMutableRawPointer) -> CInt {
  guard let reader else { fatalError("LARDER_FUZZ names no reader") }
  guard let folder = environment("LARDER_FUZZ_SEEDS") else { return 0 }
  let file = open("\(folder)/example", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  let example = reader.example
  // SAFETY: the call reads the array's own bytes.
  let written = unsafe write(file, example, example.count)
  guard written == example.count, close(file) == 0 else { fatalError("\(folder) takes no example") }
  return 0
}

/// Traps on what no reader may throw.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  do { try reader?.run(input) } catch is MalformedInput {} catch {
    fatalError("a reader threw \(error)")
  }
  return 0
}
