import Disk
import Testing

/// A way of opening a real disk; every one of them keeps the same contract.
struct DiskSetting: CustomTestStringConvertible, Sendable {
  let parent: String
  let options: DiskOptions

  var testDescription: String {
    let form = options.flushForm?.rawValue ?? "probed"
    let manner = options.direct ? "direct" : "page cache"
    return "\(options.choice.rawValue) on \(parent), \(manner), flush \(form)"
  }

  static let all: [DiskSetting] = [DiskChoice.ring, .threads].flatMap { choice in
    [
      DiskSetting(choice),
      DiskSetting(choice, flushForm: .linkedFlush),
      DiskSetting(choice, flushForm: .durableWrite),
      DiskSetting(choice, direct: false),
      DiskSetting(choice, on: "/dev/shm"),
    ]
  }

  init(
    _ choice: DiskChoice,
    on parent: String = "/tmp",
    flushForm: FlushForm? = nil,
    direct: Bool = true
  ) {
    self.parent = parent
    var options = DiskOptions(choice: choice)
    options.flushForm = flushForm
    options.direct = direct
    // The machine that runs the tests may have its files on anything.
    options.acceptsAnyFileSystem = true
    self.options = options
  }
}

@Suite("The real disks keep the contract")
struct RealDiskConformanceTests {
  @Test(.timeLimit(.minutes(10)), arguments: DiskConformance.allCases, DiskSetting.all)
  func `line of the contract`(_ line: DiskConformance, setting: DiskSetting) throws {
    let scratch = ScratchDirectory(on: setting.parent)
    var notices: [String] = []
    let opened = try OpenedDisk.open(at: scratch.path, options: setting.options) {
      notices.append($0)
    }
    switch consume opened {
    case .ring(var disk): try line.check(&disk)
    case .threads(var disk): try line.check(&disk)
    }
  }
}
