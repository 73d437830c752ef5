extension JSONValue {
  /// Returns the object with a member set, in its old place or at the end; nil takes it away.
  ///
  /// What is no object counts as an empty one.
  package func setting(_ name: String, _ value: JSONValue?) -> JSONValue {
    var members = members ?? []
    let place = members.lastIndex { $0.name == name }
    switch (place, value) {
    case (let place?, let value?): members[place] = Member(name, value)
    case (nil, let value?): members.append(Member(name, value))
    case (_, nil): members.removeAll { $0.name == name }
    }
    return .object(members)
  }

  /// The value as text without white space.
  var json: String {
    var writer = JSONWriter()
    writer.value(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
