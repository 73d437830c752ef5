extension FormatExamples {
  /// None is made here, where nothing can be sealed: the corpus has one.
  static var sealedRecord: [UInt8] { [] }
}
