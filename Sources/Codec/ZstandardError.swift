/// What can go wrong with a Zstandard frame while the program is right.
package enum ZstandardError: Error, Hashable, Sendable {
  /// The bytes are no frame, or not a whole one, or more than one.
  case damagedFrame
  /// The frame wants more memory to look back on than is allowed.
  case windowTooLarge
  /// The frame holds more or fewer bytes than its own record says.
  case wrongLength
  /// The library had no memory, or refused for a reason of its own.
  case failed
}
