/// Looks for the readme inside a `.gem`, fed in pieces: in the top folder of its `data.tar.gz`.
package struct GemReadmeSearch {
  private var tar = TarReader()
  private var search = TarballSearch.readme(below: 0)
  private var isInside = false

  package init() {}

  /// Whether nothing that may still come could be better.
  package var isOver: Bool { search.isOver || tar.isFinished }

  package var readme: String? { search.readme }

  /// Takes more of the gem.
  ///
  /// - Throws: ``MalformedInput`` when it is no gem, or a bomb.
  package mutating func feed(_ bytes: [UInt8]) throws(MalformedInput) {
    for event in try tar.feed(bytes) where !search.isOver {
      switch event {
      case .member(let member): isInside = member.path == "data.tar.gz"
      case .content(let content): if isInside { try search.feed(Array(content)) }
      case .endOfMember: isInside = false
      }
    }
  }
}
