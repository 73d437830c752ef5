// Normal forms have no public door in the standard library yet; this one is Foundation's.
@_spi(_Unicode) internal import Swift

extension String {
  /// Whether the text is its own Normalization Form C (Unicode Standard Annex 15), as all names
  /// that come in have to be.
  ///
  /// Swift takes canonically equivalent texts for equal, in `==` and as keys: `K` and the Kelvin
  /// sign, `é` and `e` with an accent behind it. Rows, policies and the names of files compare
  /// bytes. Of any texts that are equivalent one alone is composed, so that among composed texts
  /// both ways of comparing are the same.
  ///
  /// - Complexity: O(n); ASCII, which always is, is only looked over.
  package var isComposed: Bool {
    utf8.allSatisfy { $0 < 0x80 } || _nfc.elementsEqual(unicodeScalars)
  }
}
