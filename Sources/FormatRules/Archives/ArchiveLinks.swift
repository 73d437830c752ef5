/// The symbolic links of an archive, and where paths lead once they are followed.
///
/// Names alone do not tell: with `d/l` leading to `..`, which is inside, a member at `d/l/../x` or
/// a link to it lies outside. So links are followed as the kernel follows them, in any order they
/// come in, and by names without regard to case, as some file systems have it. What is honest
/// passes: `Headers -> Versions/Current/Headers` of a framework goes through a link, and stays
/// inside.
///
/// Members are asked about as they come, after the links before them; the links themselves at the
/// archive's end.
/// - Complexity: O(n) in the bytes of the paths; ``checkAll()`` follows ``mostSteps`` bytes at
///   most.
struct ArchiveLinks {
  /// How many links an archive may have.
  private static let most = 20_000
  /// How long a link's path and target may be, in bytes: PATH_MAX.
  private static let longest = 4096
  /// How many folders the links may be in, and they themselves, which is 60 MB of nodes.
  private static let mostNodes = 200_000
  /// How many links one path may lead through before it leads nowhere: Linux follows 40.
  private static let mostFollowed = 64
  /// How many bytes of targets are followed in all: 3 KB for each of the most links there can be.
  private static let mostSteps = 64 << 20

  /// A folder on the way to a link, or a link.
  private struct Node {
    /// By name, in small letters.
    var children: [String: Int] = [:]
    let parent: Int
    /// Its path, for a link.
    var path = ""
    var target: String?
  }

  private let subject: String
  /// The archive's top comes first.
  private var nodes = [Node(parent: 0)]
  private var links: [Int] = []
  private var steps = 0

  /// - Parameter subject: what the links are in, for the refusal.
  init(of subject: String) {
    self.subject = subject
  }

  private func failure(_ path: String, _ reason: String) -> MalformedInput {
    MalformedInput(subject, "`\(path.prefix(200))` \(reason)")
  }

  /// Keeps a link, which is looked at when all have come.
  ///
  /// - Precondition: its path stays inside the archive (``ArchivePath``).
  mutating func add(_ path: String, to target: String) throws(MalformedInput) {
    guard path.utf8.count <= Self.longest, target.utf8.count <= Self.longest else {
      throw failure(path, "is a link with a path too long")
    }
    let node = node(at: path)
    guard nodes[node].target != target else { return }
    guard nodes[node].target == nil else {
      throw failure(path, "is two links that lead to different places")
    }
    guard links.count < Self.most, nodes.count < Self.mostNodes else {
      throw MalformedInput(subject, "it has more than \(Self.most) links")
    }
    (nodes[node].path, nodes[node].target) = (path, target)
    links.append(node)
  }

  private mutating func node(at path: String) -> Int {
    var node = 0
    for part in Self.parts(path) {
      if part == ".." {
        node = nodes[node].parent
      } else if let child = nodes[node].children[part.lowercased()] {
        node = child
      } else {
        nodes.append(Node(parent: node))
        nodes[node].children[part.lowercased()] = nodes.count - 1
        node = nodes.count - 1
      }
    }
    return node
  }

  /// Checks that no link so far is among the folders of a member's path.
  ///
  /// With `includesLast`, the member itself must be no link either, as what a hard link is another
  /// name of.
  /// - Throws: ``MalformedInput`` that names the member.
  func check(member path: String, includesLast: Bool = false) throws(MalformedInput) {
    guard !links.isEmpty else { return }
    var place: [Int?] = [0]
    let parts = Self.parts(path)
    for part in includesLast ? parts[...] : parts.dropLast() {
      guard let node = step(part, from: &place) else { continue }
      guard nodes[node].target == nil else { throw failure(path, "lies behind a link") }
    }
  }

  /// Goes to a name and returns its node, where it is one; to `..` beyond the top goes nowhere.
  private func step(_ part: Substring, from place: inout [Int?]) -> Int? {
    if part == ".." {
      _ = place.popLast()
      return nil
    }
    let node = place.last?.flatMap { nodes[$0].children[part.lowercased()] }
    place.append(node)
    return node
  }

  /// Checks that no link leads out of the archive.
  ///
  /// - Throws: ``MalformedInput`` that names the link.
  mutating func checkAll() throws(MalformedInput) {
    for link in links where try !staysInside(link) {
      throw failure(nodes[link].path, "is a link that leads out of it")
    }
  }

  /// Whether a link stays inside all the way; what leads in circles leads nowhere.
  private mutating func staysInside(_ link: Int) throws(MalformedInput) -> Bool {
    var place = folders(of: link)
    var rest: [Substring] = []
    var following: Int? = link
    var followed = 0
    while true {
      if let target = following.flatMap({ nodes[$0].target }) {
        followed += 1
        guard followed <= Self.mostFollowed else { return true }
        guard !target.hasPrefix("/"), !target.utf8.contains(0) else { return false }
        try count(target.utf8.count + 1, nodes[link].path)
        rest += Self.parts(target).reversed()
      }
      guard let part = rest.popLast() else { return true }
      following = step(part, from: &place)
      guard !place.isEmpty else { return false }
      if following.flatMap({ nodes[$0].target }) != nil { place.removeLast() }
    }
  }

  /// The nodes from the top down to the folder that a link is in.
  private func folders(of link: Int) -> [Int?] {
    var folders: [Int?] = []
    var node = link
    while node != 0 {
      node = nodes[node].parent
      folders.append(node)
    }
    return folders.reversed()
  }

  private mutating func count(_ byteCount: Int, _ path: String) throws(MalformedInput) {
    steps += byteCount
    guard steps <= Self.mostSteps else {
      throw failure(path, "and the links beside it lead through too many others")
    }
  }

  private static func parts(_ path: String) -> [Substring] {
    path.split(separator: "/").filter { $0 != "." }
  }
}
