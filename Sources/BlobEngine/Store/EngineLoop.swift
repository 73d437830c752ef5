import Disk

#if canImport(Glibc)
import Glibc
#endif

/// The engine's thread: feeds the engine what has happened, carries out what it wants, waits.
///
/// One turn takes everything that has arrived, so that all of it can share one batch. Whoever is
/// answered is woken after the turn and not inside it.
final class EngineLoop<D: Disk & ~Copyable> {
  /// Holds the disk where both the loop and the engine's request for memory reach it.
  private final class Holder {
    var disk: D

    init(_ disk: consuming D) {
      self.disk = disk
    }
  }

  private static var openRequest: RequestID { 0 }

  private let holder: Holder
  private let inbox: Inbox
  private let workers: WorkerPool
  private let keys: KeyRing
  private let clock: @Sendable () -> UInt64
  private let log: @Sendable (StoreLogEntry) -> Void
  private var engine: Engine
  private var addressees: [RequestID: Addressee] = [:]
  private var nextRequest: RequestID = 1
  private var effects: [EngineEffect] = []
  private var calls: [Inbox.Call] = []
  private var completions: [DiskCompletion] = []
  private var answers: [(Addressee, EngineAnswer)] = []
  private var lastTick: UInt64 = 0
  private let observe: ((StoreUsage) -> Void)?
  private var lastObservation: UInt64 = 0
  /// How long usage is told late at most while there is work, in milliseconds.
  private static var observationInterval: UInt64 { 5_000 }
  /// How many puts were answered last.
  private var companyCount = 0
  private static var yieldLimit: Int { 16 }
  private var isOver = false
  private var opened: ((OpenReport) -> Void)?
  private var failure: EngineError?

  init(
    _ disk: consuming D,
    inbox: Inbox,
    workers: WorkerPool,
    keys: KeyRing,
    options: StoreOptions,
    generator: any RandomNumberGenerator,
    breakages: Breakages,
    clock: @escaping @Sendable () -> UInt64,
    log: @escaping @Sendable (StoreLogEntry) -> Void,
    observe: ((StoreUsage) -> Void)?
  ) {
    let holder = Holder(disk)
    self.holder = holder
    self.inbox = inbox
    self.workers = workers
    self.keys = keys
    self.clock = clock
    self.log = log
    self.observe = observe
    engine = Engine(
      options: options,
      generator: generator,
      breakages: breakages,
      makeBuffer: { holder.disk.makeBuffer(byteCount: $0) }
    )
  }

  /// Opens the store, tells `opened`, and serves requests until the store is closed.
  ///
  /// - Returns: why the store could not be opened, or nil.
  func run(opened: @escaping (OpenReport) -> Void) -> EngineError? {
    self.opened = opened
    tick()
    do throws(DiskError) {
      engine.receive(.open(Self.openRequest, files: try holder.disk.files()))
    } catch {
      return EngineError(error)
    }
    inbox.connect(holder.disk.waker)
    while true {
      turn()
      if isOver { break }
      holder.disk.wait(timeout: engine.patience, into: &completions)
      awaitCompany()
    }
    for addressee in addressees.values { addressee.receive(.failure(.closed)) }
    return failure
  }

  /// Gives callers who were answered together a moment to come back together.
  ///
  /// The first of them wakes this thread; without the moment its put would be a batch of its own,
  /// and all the others would wait for two flushes instead of one. Yielding costs half a
  /// microsecond when nobody else wants to run, and is just what the callers need when they do.
  private func awaitCompany() {
    guard completions.isEmpty, companyCount > 2 else { return }
    for _ in 0..<Self.yieldLimit where inbox.waitingCount < companyCount { sched_yield() }
  }

  private func turn() {
    inbox.take(into: &calls)
    if !calls.isEmpty || engine.patience != nil { tick() }
    for call in calls { receive(call) }
    for completion in completions { engine.receive(.completed(completion)) }
    completions.removeAll(keepingCapacity: true)
    engine.finishTurn(into: &effects)
    for effect in effects { carryOut(effect) }
    effects.removeAll(keepingCapacity: true)
    for (addressee, answer) in answers { addressee.receive(answer) }
    if !answers.isEmpty { companyCount = answers.count { $0.1.isStored } }
    answers.removeAll(keepingCapacity: true)
    observeUsage()
  }

  private func observeUsage() {
    guard let observe, opened == nil, failure == nil,
      lastTick >= lastObservation + Self.observationInterval
    else { return }
    lastObservation = lastTick
    observe(engine.usage())
  }

  private func receive(_ call: Inbox.Call) {
    let id = nextRequest
    nextRequest += 1
    addressees[id] = call.addressee
    engine.receive(.requested(id, call.request))
  }

  private func carryOut(_ effect: EngineEffect) {
    switch effect {
    case .submit(let request):
      holder.disk.submit(request)
    case .recompress(let work):
      workers.post { [inbox, keys] in
        inbox.post(.recompressed(work.id, work.run(with: keys)), to: .nobody)
      }
    case .reply(Self.openRequest, let answer):
      noteOpening(answer)
    case .reply(let id, let answer):
      guard let addressee = addressees.removeValue(forKey: id) else {
        preconditionFailure("the engine answers each request once")
      }
      answers.append((addressee, answer))
      if case .success(.closed) = answer { isOver = true }
    case .log(let entry):
      log(StoreLogEntry(entry))
    }
  }

  private func noteOpening(_ answer: EngineAnswer) {
    switch answer {
    case .success(.opened(let report)):
      opened?(report)
      // Half as much again as the index, with millions of blobs: what replay took lies between the
      // tables of the index.
      if report.blobCount > Self.blobsWorthATrim { HeapMemory.giveBackUnused() }
    case .success: preconditionFailure("the engine answers in kind")
    case .failure(let error): (failure, isOver) = (error, true)
    }
    opened = nil
  }

  private static var blobsWorthATrim: Int { 1 << 17 }

  /// Tells the engine the time, once a second at most.
  private func tick() {
    let now = clock()
    guard now >= lastTick + 1_000 || now < lastTick else { return }
    lastTick = now
    engine.receive(.tick(unixMilliseconds: now))
  }
}

extension EngineAnswer {
  /// Whether a put has succeeded.
  fileprivate var isStored: Bool {
    if case .success(.stored) = self { true } else { false }
  }
}
