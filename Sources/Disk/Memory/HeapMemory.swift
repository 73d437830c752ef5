import Ring

/// The memory of the C library's allocator.
package enum HeapMemory {
  /// Gives what is unused back to the system, which the allocator would keep for later.
  ///
  /// For the end of work that took a lot and will not come again. Costs about 1 ms for each 10 MB
  /// that go back.
  package static func giveBackUnused() { trimHeap() }
}
