import Foundation
import Testing

/// What a reviewer would otherwise have to remember.
@Suite("Tidy")
struct TidyTests {
  /// The places, as `path:line`, where `rule` finds fault.
  private func faults(
    in files: [SourceFile],
    where rule: (SourceFile, String) -> Bool
  ) -> [String] {
    files.flatMap { file in
      file.lines.enumerated()
        .filter { rule(file, $0.element) }
        .map { "\(file.path):\($0.offset + 1)" }
    }
  }

  @Test func `there is something to look at`() {
    #expect(Checkout.swift.count > 20)
  }

  @Test func `no line is wider than a hundred columns`() {
    // A sample of what a client or a server sends stands in a test as it is.
    let faults = faults(in: Checkout.swift) { file, line in
      line.count > 100 && !(file.path.hasPrefix("Tests/") && line.contains(/["<{]/))
    }
    #expect(faults == [])
  }

  /// Danger has an address: raw memory lives in four rooms, and a reviewer knows which.
  @Test func `unsafe code lives where memory is owned, and says why`() {
    let rooms: Set = ["Bytes", "Codec", "Disk", "Ring"]
    let outside = faults(in: Checkout.swift) { file, line in
      guard let target = file.target, !rooms.contains(target) else { return false }
      return SourceFile.code(of: line).contains(/\bunsafe\b|nonisolated\(unsafe\)|\bUnsafe/)
    }
    #expect(outside == [])
  }

  @Test func `each C library has one owner`() {
    let owners = [
      "CCrypto": "Codec", "CDeflate": "Codec", "CUring": "Ring", "CXXHash": "Codec",
      "CZstd": "Codec",
    ]
    let strangers = faults(in: Checkout.swift) { file, line in
      owners.contains { module, owner in
        line.contains(try! Regex("^(package |public )?import \(module)$")) && file.target != owner
      }
    }
    #expect(strangers == [])
  }

  @Test func `Foundation stays above the repository`() {
    let below: Set = [
      "Access", "BlobEngine", "Bytes", "Codec", "Disk", "Exchange", "FormatRules", "Repository",
      "Ring",
    ]
    let faults = faults(in: Checkout.swift) { file, line in
      below.contains(file.target ?? "") && line.contains(/^(package |public )?import Foundation/)
    }
    #expect(faults == [])
  }

  @Test func `SQL is spoken in the catalog alone`() {
    let faults = faults(in: Checkout.swift) { file, line in
      file.target.map { $0 != "Catalog" } == true && line.contains(/import (GRDB|SQLite3)/)
    }
    #expect(faults == [])
  }

  @Test func `Hummingbird stands at the door and nowhere else`() {
    let faults = faults(in: Checkout.swift) { file, line in
      file.target != nil && !file.path.hasPrefix("Sources/Server/Door/")
        && line.contains(/^(package |public )?import Hummingbird/)
    }
    #expect(faults == [])
  }

  @Test func `nothing is forced, and nothing gives up on purpose`() {
    let faults = faults(in: Checkout.swift) { file, line in
      file.target != nil
        && SourceFile.code(of: line).contains(/\btry!|\bas! |fatalError\(/)
    }
    #expect(faults == [])
  }

  @Test func `nothing is left for later`() {
    let words = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK", "SCAF" + "FOLD"]
    let scripts = Checkout.files(below: ["tools", "Benchmarks"], endings: ["", ".py", ".sh"])
    let faults = faults(in: Checkout.swift + scripts) { _, line in
      words.contains { line.contains($0) }
    }
    #expect(faults == [])
  }

  /// Where Python's packages and Debian's come from is asked of the machine at run time.
  @Test func `neither Python's registry nor Debian's is named by its host`() {
    let hosts = ["pypi" + ".org", "python" + "hosted", "debian" + ".org"]
    let files = Checkout.files(
      below: ["Sources", "Tests", "Benchmarks", "tools", ".ci"],
      endings: [".swift", ".py", ".md", ".sh", "run", "serve", "test", "bench"]
    )
    let faults = faults(in: files) { _, line in hosts.contains { line.contains($0) } }
    #expect(faults == [])
  }

  @Test func `tests do not sleep to wait`() {
    let faults = faults(in: Checkout.swift.filter { $0.path.hasPrefix("Tests/") }) { file, line in
      !file.path.hasPrefix("Tests/TidyTests") && line.contains("Task.sleep(")
    }
    #expect(faults == [])
  }

  /// A limit ends a test that hangs; a slow machine, and what runs beside, must not reach it.
  @Test func `no test is given less than ten minutes`() {
    let faults = faults(in: Checkout.swift) { file, line in
      !file.path.hasPrefix("Tests/TidyTests")
        && line.contains(/\.timeLimit\(\.minutes\(\d\)\)/)
    }
    #expect(faults == [])
  }
}
