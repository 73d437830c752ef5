import Glibc
import Ring

/// A thread of the operating system's, outside the pool that tasks share.
///
/// Whoever starts one either joins it before what it uses goes away, or detaches it.
@safe
package struct PlainThread: Sendable {
  private let thread: pthread_t

  private final class Start {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Starts a thread that runs `body`; ps(1) shows the first 15 bytes of `name`.
  ///
  /// - Throws: EAGAIN when the system has no room for another thread.
  package init(named name: String, _ body: @escaping @Sendable () -> Void) throws(DiskError) {
    var made = pthread_t()
    let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
    // SAFETY: the new thread takes over the reference that was just retained.
    let answer = unsafe pthread_create(
      &made,
      nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        nameCurrentThread(start.name)
        start.body()
        return nil
      },
      start.toOpaque()
    )
    guard answer == 0 else {
      unsafe start.release()
      throw .system(operation: "pthread_create", code: answer)
    }
    thread = made
  }

  /// Lets the thread give its resources back by itself at its end; to be called once.
  package func detach() {
    // The thread was made joinable.
    pthread_detach(thread)
  }

  /// Waits for the end of the thread; to be called once, from another thread.
  package func join() {
    // The thread was made joinable.
    pthread_join(thread, nil)
  }
}
