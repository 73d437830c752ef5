import CUring
import Glibc

/// One io_uring, owned by the thread that made it.
///
/// That thread alone queues, submits and reaps; the kernel refuses others (EEXIST). Requests are
/// queued by the methods of `Ring+Requests.swift`, and nothing starts before
/// ``submitAndWait(for:nanoseconds:)``. Memory named in a request belongs to the kernel until its
/// completion has been reaped: the caller keeps it alive.
@safe
package struct Ring: ~Copyable {
  /// How the ring was set up, best first: the newest form that the kernel accepts.
  package enum Form: Int32, CaseIterable, Sendable {
    /// Completions run only when this thread asks for them (Linux 6.1).
    case deferred
    /// Completions never interrupt this thread (Linux 5.19).
    case cooperative
    /// As every kernel with io_uring has it.
    case plain

    /// The flags of io_uring_setup(2), for logs.
    package var flags: String {
      switch self {
      case .deferred: "SINGLE_ISSUER|DEFER_TASKRUN|SUBMIT_ALL"
      case .cooperative: "COOP_TASKRUN|SUBMIT_ALL"
      case .plain: "no flags"
      }
    }
  }

  package let form: Form
  let handle: OpaquePointer
  private var reaped: [curing_completion]

  /// Makes a ring with room for `submissions` queued requests and `completions` finished ones.
  ///
  /// - Throws: what the last form tried was refused with. EPERM, EACCES, ENOSYS and ENOMEM say
  ///   that this process may not or cannot have a ring at all.
  package init(submissions: UInt32 = 256, completions: UInt32 = 4096) throws(SystemError) {
    var refusal = EINVAL
    for form in Form.allCases {
      var made: OpaquePointer?
      // SAFETY: the C side fills `made` only when it answers 0.
      let answer = unsafe curing_create(&made, submissions, completions, form.rawValue)
      if answer == 0, let handle = unsafe made {
        unsafe self.handle = handle
        self.form = form
        reaped = Array(repeating: curing_completion(), count: 256)
        // Saves the kernel a look-up of the descriptor in every call; not every kernel has it.
        _ = unsafe curing_register_ring(handle)
        return
      }
      refusal = -answer
      // Only EINVAL speaks of the flags; the others would meet every form.
      if refusal != EINVAL { break }
    }
    throw SystemError(operation: "io_uring_setup", code: refusal)
  }

  deinit {
    // SAFETY: the handle is owned by this value and used no more.
    unsafe curing_destroy(handle)
  }

  /// How many more requests fit before the next submission.
  package var room: Int { Int(unsafe curing_room(handle)) }

  /// Starts what is queued, and waits until `wanted` completions can be reaped or the time is up
  /// (below zero: no limit).
  ///
  /// - Throws: EBUSY or EAGAIN when completions must be reaped first, EINTR after a signal.
  package mutating func submitAndWait(
    for wanted: Int,
    nanoseconds: Int64
  ) throws(SystemError) {
    let answer = unsafe curing_submit_and_wait(handle, UInt32(wanted), nanoseconds)
    try SystemError.check(answer, "io_uring_enter")
  }

  /// Hands every completion there is to `body`, as the request's own number and its answer: a
  /// count, or a negative errno.
  package mutating func reap(_ body: (_ number: UInt64, _ answer: Int32) -> Void) {
    while true {
      let room = UInt32(reaped.count)
      let handle = unsafe handle
      // SAFETY: the C side fills at most `room` elements.
      let count = unsafe reaped.withUnsafeMutableBufferPointer { out in
        unsafe curing_reap(handle, out.baseAddress, room)
      }
      for completion in reaped.prefix(Int(count)) {
        body(completion.user_data, completion.result)
      }
      if count < room { return }
    }
  }
}
